/** What a judge said of one piece. An error is a third state: it counts neither as yes nor as no. */
import { z } from "zod";
import type { ChatModel } from "../../backends/chat-model.ts";
import { BackendError } from "../../backends/errors.ts";
import { askJson } from "../../backends/models/structured.ts";
import { judgeMessages, judgeVersion, LONGEST, shownHash, type Judge, type Payload } from "./judge.ts";

export const Verdict = z.object({
  judge: z.string(),
  version: z.string(),
  subject: z.string(),
  part: z.string(),
  /** Hash of what was judged. */
  shown: z.string().default(""),
  result: z.enum(["yes", "no", "error"]),
  /** The judge's reason, or the code of the error. */
  rationale: z.string(),
});
export type Verdict = z.infer<typeof Verdict>;

const Said = z.object({ rationale: z.string(), result: z.enum(["yes", "no"]) });

/** One repair turn, then `error`. Throws only when `signal` aborts. */
export async function askJudge<T>(
  model: ChatModel,
  judge: Judge<T>,
  subject: string,
  { part, data }: Payload,
  call: { signal: AbortSignal; deadline: number },
): Promise<Verdict> {
  const head = { judge: judge.name, version: judgeVersion(judge.criterion, model.name), subject, part, shown: shownHash(data) }; // prettier-ignore
  if (JSON.stringify(data).length > LONGEST) return { ...head, result: "error", rationale: "too_long" };
  const messages = judgeMessages(judge.criterion, data);
  try {
    const { value } = await askJson(model, { name: "verdict", schema: Said, messages, temperature: 0 }, call);
    return { ...head, ...value };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { ...head, result: "error", rationale: error.code };
  }
}
