/** The outcome of checking an answer: plain JSON, for the answer's metadata, the trace and the note to the reader. */
import type { Cell } from "./evidence.ts";

/**
 * - `verbatim`: stands in the evidence, at the stated decimals, about the same thing.
 * - `derived`: a declared derivation recomputes to it.
 * - `implied`: a total, average or count over a whole column of the evidence.
 * - `question`: the user's own number.
 * - `misplaced`: stands in the evidence, but about something else (a swapped row).
 * - `wrong`: a derivation was declared and comes to something else, or cannot be computed.
 * - `unsupported`: stands nowhere.
 */
export const NUMBER_VERDICTS = [
  "verbatim", "derived", "implied", "question", "misplaced", "wrong", "unsupported",
] as const; // prettier-ignore
export type NumberVerdict = (typeof NUMBER_VERDICTS)[number];

export interface NumberCheck {
  /** UTF-16 positions in the answer, end exclusive. */
  start: number;
  end: number;
  text: string;
  value: number;
  verdict: NumberVerdict;
  /** Id of the evidence that supports or contradicts it. */
  evidence: string | null;
  /** One sentence; empty when there is nothing to say. */
  note: string;
}

export interface CitationCheck {
  /** Markers without a citation, or whose evidence does not exist. */
  dangling: number[];
  /** Citations that no marker in the text uses. */
  unused: number[];
  /** Evidence that was consulted and is never cited. */
  uncited: string[];
  /** Sentences, list items and table rows that state something, and how many of them a valid marker covers. */
  statements: number;
  covered: number;
}

export interface Conflict {
  /** The measure as the first source names it. */
  measure: string;
  /** The customer, region or the like. */
  entity: string;
  values: { evidence: string; backend: string; value: Cell }[];
}

export interface ClaimCheck {
  /** Position in the list of claims. */
  claim: number;
  ok: boolean;
  note: string;
}

export interface Verification {
  /** No number failed, no citation dangles, no claim is wrong. Conflicts are reported but fail nothing. */
  ok: boolean;
  numbers: NumberCheck[];
  citations: CitationCheck;
  claims: ClaimCheck[];
  conflicts: Conflict[];
}

const FAILED: ReadonlySet<NumberVerdict> = new Set(["misplaced", "wrong", "unsupported"]);

/** Whether the number needs a visible note. */
export function isFailed(check: NumberCheck): boolean {
  return FAILED.has(check.verdict);
}
