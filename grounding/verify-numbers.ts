/** Gives every number of an answer its verdict. */
import type { Claim } from "./claims.ts";
import { recompute, type DerivationInput } from "./derivation.ts";
import type { Fact } from "./facts.ts";
import { impliedValues } from "./implied-values.ts";
import { consistent, type LabelSet } from "./label-set.ts";
import { matchesValue } from "./match-value.ts";
import { isMeasureColumn } from "./measures.ts";
import { placeNumbers, type PlacedNumber } from "./place-numbers.ts";
import type { Terms } from "./terms.ts";
import type { NumberCheck, NumberVerdict } from "./verification.ts";

export interface VerifyInput extends DerivationInput {
  text: string;
  claims: readonly Claim[];
  terms: Terms;
}

type Outcome = { verdict: NumberVerdict; evidence: string | null; note: string };

/** Dates, list numbers, identifiers and code are left out. */
export function verifyNumbers(input: VerifyInput): NumberCheck[] {
  return placeNumbers(input.text, input.terms)
    .filter((number) => !number.exempt)
    .map((number) => {
      const { start, end, text, value } = number;
      return { start, end, text, value, ...judge(number, input) };
    });
}

function judge(number: PlacedNumber, input: VerifyInput): Outcome {
  const declared = declaredOutcome(number, input);
  if (declared) return declared;
  const facts = input.facts.filter((fact) => matchesFact(number, fact));
  const cell = hasCell(number, input.facts);
  const supporting = facts.find(
    (fact) => consistent(number.labels, fact.labels) && (!cell || sharesThing(number.labels, fact.labels)),
  );
  if (supporting) return { verdict: "verbatim", evidence: supporting.evidence, note: "" };
  if (!cell && input.given.includes(number.value)) return { verdict: "question", evidence: null, note: "" };
  const implied = impliedValues(number.sentence, input.entries)
    .filter(({ count }) => !count || number.labels.size === 0)
    .find(({ value }) => matchesValue(number, value, number.sentence));
  if (implied) return { verdict: "implied", evidence: implied.evidence, note: implied.note };
  const elsewhere = facts[0];
  if (!elsewhere)
    return { verdict: "unsupported", evidence: null, note: `${number.text} stands in no source.` };
  return { verdict: "misplaced", evidence: elsewhere.evidence, note: misplacedNote(number, elsewhere) };
}

/** Whether the evidence has a cell for exactly this thing and this measure: then nothing else can speak for it. */
function hasCell({ labels }: PlacedNumber, facts: readonly Fact[]): boolean {
  const columns = [...labels.keys()];
  const measures = columns.filter(isMeasureColumn);
  if (measures.length === 0 || measures.length === columns.length) return false;
  return facts.some(
    (fact) =>
      measures.some((column) => fact.labels.has(column)) &&
      sharesThing(labels, fact.labels) &&
      consistent(labels, fact.labels),
  );
}

function sharesThing(stated: LabelSet, fact: LabelSet): boolean {
  for (const column of stated.keys()) if (!isMeasureColumn(column) && fact.has(column)) return true;
  return false;
}

function misplacedNote(number: PlacedNumber, fact: Fact): string {
  const named = [...fact.labels].filter(([column]) => !isMeasureColumn(column));
  const about = named.flatMap(([, labels]) => [...labels]).join(", ");
  return `${number.text} stands in the source, but for ${about === "" ? "another measure" : about}.`;
}

/** Two units that are both named must agree: 40 days are not $40. */
function matchesFact(number: PlacedNumber, fact: Fact): boolean {
  const sameUnit = number.unit === null || fact.unit === null || number.unit === fact.unit;
  return sameUnit && matchesValue(number, fact.value, number.sentence);
}

/** The outcome of the derivation that declares this number, if there is one. */
function declaredOutcome(number: PlacedNumber, input: VerifyInput): Outcome | null {
  let failure: Outcome | null = null;
  for (const claim of input.claims) {
    if (claim.calc === undefined || claim.value === undefined) continue;
    if (!matchesValue(number, claim.value, number.sentence) || !standsIn(number, claim)) continue;
    const evidence = claim.evidence[0] ?? null;
    const computed = recompute(claim, input);
    if ("problem" in computed) failure ??= { verdict: "wrong", evidence, note: computed.problem };
    else if (matchesValue(number, computed.value, number.sentence)) {
      return { verdict: "derived", evidence, note: `Recomputed: ${claim.calc}.` };
    } else {
      failure ??= {
        verdict: "wrong",
        evidence,
        note: `${claim.calc} comes to ${computed.value}, not ${number.text}.`,
      };
    }
  }
  return failure;
}

/** A claim that quotes its sentence speaks for numbers of that sentence alone. */
function standsIn(number: PlacedNumber, claim: Claim): boolean {
  const quoted = plain(claim.text);
  if (quoted === "") return true;
  const sentence = plain(number.sentence);
  return (
    sentence.includes(quoted) ||
    quoted.includes(sentence) ||
    (plain(number.text) !== "" && quoted.includes(plain(number.text)))
  );
}

function plain(text: string): string {
  return text
    .replaceAll(/\[\d+\]|[*_`|]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .toLowerCase();
}
