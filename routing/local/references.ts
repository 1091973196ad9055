/** Finds what in a clause points back: pronouns, "those customers", "the top five", "at stake". */
import { NUMBER_WORDS } from "../text/vocabulary.ts";
import { RANKED, type EntityNouns } from "./entities.ts";

export interface ReferenceHit {
  /**
   * `entities`: a set found earlier; `their`: what belongs to that set; `ranked`: its first few; `value`: one number
   * or date found earlier; `result`: whatever an earlier clause found; `implied`: meant, not said.
   */
  kind: "entities" | "their" | "ranked" | "value" | "result" | "implied";
  start: number;
  end: number;
  text: string;
}

const COUNT = `(?:\\d{1,4}|${Object.keys(NUMBER_WORDS).join("|")})`;

/** In order of precedence; group `at` is the part that is replaced. */
function patterns(nouns: EntityNouns): [ReferenceHit["kind"], string][] {
  const noun = `(?:${nouns.plural}|ones)`;
  const rank = `(?:most\\s+\\p{L}+|least\\s+\\p{L}+|${RANKED})`;
  return [
    [
      "value",
      `\\b(?:than|after|before|above|below|over|under|exceed(?:s|ing)?)\\s+(?<at>that|this)\\b(?!\\s+\\p{L})`,
    ],
    [
      "value",
      `\\b(?<at>(?:that|this)\\s+(?:many|much|number|amount|threshold|limit|date|deadline|period|rate|value)(?:\\s+of\\s+\\p{L}+)?)\\b`,
    ],
    [
      "entities",
      `\\b(?<at>(?:each|all|any|every one|both|one|some|most|which)\\s+of\\s+(?:them|these|those)(?:\\s+${COUNT})?(?:\\s+${noun})?)\\b`,
    ],
    [
      "ranked",
      `\\b(?<at>(?:each of\\s+)?(?:the|those|these)\\s+${rank}\\s+${COUNT}(?:\\s+(?:ones|of\\s+(?:them|these|those)))?)\\b(?!\\s+(?:\\p{L}+\\s+){0,3}${nouns.plural}\\b)(?!\\s+\\p{L}+(?:s|ies)\\b)`,
    ],
    [
      "ranked",
      `\\b(?<at>(?:each of\\s+)?(?:the|those|these)\\s+${COUNT}\\s+${rank}(?:\\s+(?:ones|of\\s+(?:them|these|those)))?)\\b(?!\\s+(?:\\p{L}+\\s+){0,3}${nouns.plural}\\b)(?!\\s+\\p{L}+(?:s|ies)\\b)`,
    ],
    ["ranked", `\\b(?<at>the\\s+${rank}\\s+(?:ones|of\\s+(?:them|these|those)))\\b`],
    [
      "entities",
      `\\b(?<at>(?:each of\\s+)?(?:those|these|such|said|the same)\\s+(?:${COUNT}\\s+)?(?:\\p{L}+\\s+)?${noun})\\b`,
    ],
    [
      "entities",
      `\\b(?<at>(?:each of\\s+)?(?:those|these|the)\\s+${COUNT})(?=\\s*[.,;?!]|\\s*$|\\s+(?:and|with|by|at|in|for|according)\\b)`,
    ],
    ["entities", `\\b(?<at>(?:this|that|each|every)\\s+${nouns.singular})\\b`],
    ["entities", `(?<=\\b(?:for|about|of|to|on|with|per)\\s+)(?<at>each)\\b(?!\\s+\\p{L})`],
    ["entities", `\\b(?<at>them|they|these)\\b(?!\\s+\\p{L}+s\\b)`],
    ["their", `\\b(?<at>their|theirs)\\b`],
    ["result", `\\b(?<at>(?:those|these|such)\\s+\\p{L}+(?:\\s+\\p{L}+)?)\\b`],
    [
      "result",
      `\\b(?:based on|given|considering|about|for|to|on|with|apply|from)\\s+(?<at>that|this|it|those)\\b(?=\\s*[.,;?!]|\\s*$|\\s+(?:and|to|for)\\b)`,
    ],
    [
      "implied",
      `(?<at>\\bat stake\\b|\\bat risk with\\b|\\bwe (?:would|could|might|may|will|stand to) lose\\b|\\baccordingly\\b|\\bin (?:such|those|these|that) cases?\\b|\\bthe (?:matching|corresponding|respective|resulting|appropriate|affected|relevant)\\b|\\bconcerned\\b|\\binvolved\\b|\\bper ${nouns.singular}\\b|\\bin question\\b|\\bmatching\\b|\\bcorresponding\\b)`,
    ],
  ];
}

export type FindReference = (clause: string) => ReferenceHit | null;

export function createReferenceFinder(nouns: EntityNouns): FindReference {
  const compiled = patterns(nouns).map(([kind, source]) => ({ kind, pattern: new RegExp(source, "iud") }));
  return (clause) => {
    for (const { kind, pattern } of compiled) {
      const span = pattern.exec(clause)?.indices?.groups?.["at"];
      if (span !== undefined)
        return { kind, start: span[0], end: span[1], text: clause.slice(span[0], span[1]) };
    }
    return null;
  };
}

/** The clause with what it points to put in the place of the pointer. */
export function resolveReference(clause: string, hit: ReferenceHit, target: string): string {
  if (hit.kind === "implied") return append(clause, target);
  if (hit.kind === "their") return append(`${clause.slice(0, hit.start)}the${clause.slice(hit.end)}`, target);
  return `${clause.slice(0, hit.start)}${target}${clause.slice(hit.end)}`;
}

/** `... for TARGET`, in front of the closing punctuation. */
export function append(clause: string, target: string): string {
  const end = /[\s.?!]*$/.exec(clause)!.index;
  return `${clause.slice(0, end)} for ${target}${clause.slice(end)}`;
}
