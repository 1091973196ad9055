/** An answer of no words and no rows is none: said aloud, it is a gap that the reader hears of. */
import type { AnswerDraft } from "./answer-draft.ts";
import { fault } from "./fault.ts";

/** Throws `failed`. Documents alone say nothing: they are what an answer rests on. */
export function refuseEmpty(backend: string, { text, evidence, clarification }: AnswerDraft): void {
  const rows = evidence.some((item) => item.kind === "table" && item.rows.length > 0);
  if (text.trim() !== "" || rows || clarification !== undefined) return;
  throw fault(
    "failed",
    { backend },
    "its answer was empty, rephrase the question or look into its own trace",
  );
}
