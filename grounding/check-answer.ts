/** Checks an answer against its evidence: numbers, derivations, citations, conflicts. Pure; calls no model. */
import { checkCitations, type CitationLike } from "./check-citations.ts";
import type { Claim } from "./claims.ts";
import { recompute, type DerivationInput } from "./derivation.ts";
import type { EvidenceEntry } from "./evidence.ts";
import { extractNumbers } from "./extract-numbers.ts";
import { collectFacts } from "./facts.ts";
import { findConflicts } from "./find-conflicts.ts";
import { numberWords } from "./number-words.ts";
import { buildTerms } from "./terms.ts";
import { isFailed, type ClaimCheck, type Verification } from "./verification.ts";
import { verifyNumbers } from "./verify-numbers.ts";

export interface AnswerToCheck {
  /** The prose, without the claims tail. */
  text: string;
  citations: readonly CitationLike[];
  claims: readonly Claim[];
  evidence: readonly EvidenceEntry[];
  question: string;
}

export function checkAnswer(answer: AnswerToCheck): Verification {
  const terms = buildTerms(answer.evidence);
  const facts = collectFacts(answer.evidence, terms);
  const given = [...extractNumbers(answer.question), ...numberWords(answer.question)].map(
    ({ value }) => value,
  );
  const input = {
    text: answer.text,
    claims: answer.claims,
    terms,
    facts,
    given,
    entries: answer.evidence,
  };
  const numbers = verifyNumbers(input);
  const ids = answer.evidence.map(({ id }) => id);
  const citations = checkCitations(answer.text, answer.citations, ids);
  const claims = answer.claims.map((claim, index) => checkClaim(claim, index, ids, input));
  return {
    ok: !numbers.some(isFailed) && citations.dangling.length === 0 && claims.every((claim) => claim.ok),
    numbers,
    citations,
    claims,
    conflicts: findConflicts(answer.evidence),
  };
}

/** A claim names evidence that exists, and its value recomputes or stands there. */
function checkClaim(claim: Claim, index: number, ids: string[], input: DerivationInput): ClaimCheck {
  const note = claimProblem(claim, ids, input);
  return { claim: index, ok: note === "", note };
}

function claimProblem(claim: Claim, ids: string[], input: DerivationInput): string {
  const unknown = claim.evidence.find((id) => !ids.includes(id));
  if (unknown !== undefined) return `There is no evidence "${unknown}".`;
  if (claim.value === undefined) return "";
  const stated = claim.value;
  if (claim.calc !== undefined) {
    const computed = recompute(claim, input);
    if ("problem" in computed) return computed.problem;
    return close(stated, computed.value) ? "" : `${claim.calc} comes to ${computed.value}, not ${stated}.`;
  }
  const sources = input.facts.filter(
    (fact) => claim.evidence.length === 0 || claim.evidence.includes(fact.evidence),
  );
  const found = sources.some((fact) => close(stated, fact.value) || close(stated, fact.value * 100));
  return found || input.given.includes(stated)
    ? ""
    : `${stated} does not stand in the evidence that the claim names.`;
}

/** Equal at the decimals of the stated value. */
function close(stated: number, value: number): boolean {
  const decimals = String(stated).split(".")[1]?.length ?? 0;
  return Math.abs(stated - value) <= (10 ** -decimals / 2) * (1 + 1e-9) + Math.abs(value) * 1e-12;
}
