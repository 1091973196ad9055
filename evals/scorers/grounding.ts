/** Whether every number of the answer was confirmed by the evidence, as the answer's own metadata says. */
import type { Outcome } from "../outcome.ts";

export interface GroundingScore {
  /** No number failed, no citation dangles, no claim is wrong. */
  grounded: boolean;
  numbers: number;
  /** Numbers that could not be confirmed, as they stand in the answer. */
  failed: string[];
}

/** Null where nothing was checked: no backend was asked, or the check is switched off. */
export function scoreGrounding({ response }: Outcome): GroundingScore | null {
  const verification = response?.custom_outputs.verification ?? null;
  if (verification === null) return null;
  const { ok, numbers, failed } = verification;
  return { grounded: ok, numbers, failed: failed.map(({ text }) => text) };
}
