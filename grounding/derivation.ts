/** Recomputes a claim's declared derivation from the evidence that it names. */
import { parseArithmetic } from "./arithmetic.ts";
import type { Claim } from "./claims.ts";
import { evaluateArithmetic } from "./evaluate-arithmetic.ts";
import type { EvidenceEntry } from "./evidence.ts";
import type { Fact } from "./facts.ts";
import { resolveReference } from "./resolve-reference.ts";

/** Numbers that convert units and need no evidence: months, quarters, weeks, days, hours, percent, scales. */
const CONVERSIONS: ReadonlySet<number> = new Set([1, 4, 7, 12, 24, 52, 60, 100, 365, 1_000, 1_000_000]);

export interface DerivationInput {
  entries: readonly EvidenceEntry[];
  facts: readonly Fact[];
  /** Numbers of the user's question. */
  given: readonly number[];
}

/** The value of `claim.calc`, or one sentence that says why there is none. */
export function recompute(claim: Claim, input: DerivationInput): { value: number } | { problem: string } {
  const parsed = parseArithmetic(claim.calc ?? "");
  if ("problem" in parsed) return parsed;
  const named = (id: string) => claim.evidence.length === 0 || claim.evidence.includes(id);
  const facts = input.facts.filter((fact) => named(fact.evidence));
  return evaluateArithmetic(parsed.tree, {
    reference: (name) => resolveReference(name, input.entries),
    literal: (value) =>
      CONVERSIONS.has(value) ||
      input.given.includes(value) ||
      facts.some((fact) => sameValue(fact.value, value)),
  });
}

function sameValue(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.abs(b) * 1e-9;
}
