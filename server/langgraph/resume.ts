/** The word of a person on what a run waits for, checked before the graph hears it: it hears each word only once. */
import type { StateSnapshot } from "@langchain/langgraph";
import { z } from "zod";
import type { ApprovalInterrupt, ApprovalReply } from "../../nodes/approve.ts";
import type { ClarifyInterrupt } from "../../nodes/clarify.ts";
import { RequestError } from "../errors.ts";
import { schemaProblem } from "../schema-problem.ts";

const Reply = z.strictObject({
  id: z.string(),
  approve: z.boolean(),
  /** Replaces the step's question. */
  question: z.string().min(1).max(100_000).optional(),
  reason: z.string().max(10_000).optional(),
});

/** One word for all requests, or one for each. */
const Approvals = z.union([z.boolean(), z.array(Reply).min(1)]);

export type Resumed = { reply: string } | { approvals: ApprovalReply[] };

export function resumed(snapshot: StateSnapshot | null, resume: unknown): Resumed {
  const waiting = snapshot?.tasks.flatMap((task) => task.interrupts)[0];
  const asked = waiting?.value as ClarifyInterrupt | ApprovalInterrupt | undefined;
  if (waiting === undefined || asked === undefined)
    throw invalid("nothing waits for a word; go on with 'input' null");
  const word = ofInterrupt(resume, waiting.id);
  if (asked.type === "clarify") return { reply: parsed(z.string().min(1).max(100_000), word) };
  const given = parsed(Approvals, word);
  const known = asked.requests.map(({ id }) => id);
  if (typeof given === "boolean") return { approvals: known.map((id) => ({ id, approve: given })) };
  const stranger = given.find(({ id }) => !known.includes(id));
  if (stranger !== undefined) throw invalid("no such approval is asked for");
  return { approvals: given.map(withoutAbsent) };
}

/** LangGraph also takes words by the id of their interrupt. */
function ofInterrupt(resume: unknown, id: string | undefined): unknown {
  if (id === undefined || typeof resume !== "object" || resume === null || !(id in resume)) return resume;
  return Reflect.get(resume, id) as unknown;
}

function parsed<T>(schema: z.ZodType<T>, word: unknown): T {
  const result = schema.safeParse(word);
  if (result.success) return result.data;
  throw schemaProblem(result.error, word, "command.resume");
}

function withoutAbsent({ id, approve, question, reason }: z.infer<typeof Reply>): ApprovalReply {
  return {
    id,
    approve,
    ...(question === undefined ? {} : { question }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function invalid(why: string): RequestError {
  const param = "command.resume";
  return new RequestError("invalid_value", `Invalid '${param}': ${why}.`, { param });
}
