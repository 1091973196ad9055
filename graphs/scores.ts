/** What code alone can say of an answer: every one is scored, none waits for it. */
import { isFailed } from "../grounding/verification.ts";
import type { TurnResult } from "./run.ts";

export interface Score {
  /** Name of the assessment. */
  name: "grounded" | "cited" | "complete";
  value: boolean;
  rationale: string;
}

export function scoresOf({ answer, findings, verification }: TurnResult): Score[] {
  if (answer === null || findings.length === 0) return [];
  const failed = verification?.numbers.filter(isFailed).length ?? 0;
  const missing = answer.missing.map(({ backend, code }) => `${backend}: ${code}`).join(", ");
  const cited: Score = {
    name: "cited",
    value: answer.citations.length > 0,
    rationale: `${answer.citations.length} citations.`,
  };
  const complete: Score = {
    name: "complete",
    value: missing === "",
    rationale: missing === "" ? "Every step gave something." : `Missing: ${missing}.`,
  };
  if (verification === undefined || verification === null) return [cited, complete];
  const rationale = `${verification.numbers.length} numbers, ${failed} not confirmed, ${verification.conflicts.length} conflicts.`;
  return [{ name: "grounded", value: verification.ok, rationale }, cited, complete];
}
