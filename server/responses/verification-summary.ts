/** What the check of the answer came to, for clients: counts, and every number that could not be confirmed. */
import type { Json } from "../../backends/backend.ts";
import type { TurnResult } from "../../graphs/run.ts";

/** Null where nothing was checked. */
export function verificationSummary(verification: TurnResult["verification"]): Json {
  if (verification === undefined || verification === null) return null;
  const { ok, numbers, citations, claims, conflicts } = verification;
  const failed = numbers.filter(({ verdict }) => FAILED.has(verdict));
  return {
    ok,
    numbers: numbers.length,
    failed: failed.map(({ text, verdict, note }) => ({ text, verdict, note })),
    citations: {
      dangling: citations.dangling,
      unused: citations.unused,
      statements: citations.statements,
      covered: citations.covered,
    },
    wrong_claims: claims.filter((claim) => !claim.ok).map(({ note }) => note),
    conflicts: conflicts.map(({ measure, entity, values }) => ({ measure, entity, values })),
  };
}

const FAILED: ReadonlySet<string> = new Set(["misplaced", "wrong", "unsupported"]);
