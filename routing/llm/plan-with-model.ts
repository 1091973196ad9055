/** Asks one model for a plan: one call, one repair turn with the errors, then it gives up. */
import { BackendError } from "../../backends/errors.ts";
import type { ChatMessage, ChatModel, ChatResult } from "../../backends/chat-model.ts";
import type { Knowledge } from "../knowledge.ts";
import type { Decision, Plan } from "../plan.ts";
import { checkPlan, type PlanLimits } from "../plan-check.ts";
import type { RouteContext, RouteInput } from "../router.ts";
import { planningMessages, REPAIR_PROMPT } from "./prompt.ts";
import { parseReply, replySchema } from "./reply.ts";
import { formProblems, toPlan } from "./to-plan.ts";

export interface ModelPlanning {
  model: ChatModel;
  knowledge: Knowledge;
  limits: PlanLimits;
  mayClarify: boolean;
  /** Tier, probabilities and threshold so far. */
  decision: Decision;
  now: () => number;
}

/** `failure` is a short code, e.g. `timeout` or `invalid plan`. */
export type ModelPlan = { plan: Plan } | { failure: string };

const ROUNDS = 2;
/** Planning may take this share of what is left of the request. */
const SHARE_OF_TIME = 0.4;

/** Throws only the caller's abort; every fault of the model comes back as `failure`. */
export async function planWithModel(
  input: RouteInput,
  planning: ModelPlanning,
  context: RouteContext,
): Promise<ModelPlan> {
  const messages = planningMessages(input, planning.knowledge, planning.limits);
  const started = planning.now();
  const deadline = started + Math.max(0, context.deadline - started) * SHARE_OF_TIME;
  for (let round = 0; round < ROUNDS; round++) {
    const answer = await complete(messages, planning, { ...context, deadline });
    if ("failure" in answer) return answer;
    const read = readPlan(answer.text, planning);
    if ("plan" in read) return read;
    messages.push(
      { role: "assistant", content: answer.text },
      { role: "user", content: repair(read.errors) },
    );
  }
  return { failure: "invalid plan" };
}

async function complete(
  messages: readonly ChatMessage[],
  { model, limits, now }: ModelPlanning,
  context: RouteContext,
): Promise<ChatResult | { failure: string }> {
  const started = now();
  const request = {
    messages: [...messages],
    json_schema: { name: "plan", schema: replySchema(limits.allowed), strict: true },
    temperature: 0,
  };
  try {
    const result = await model.complete(request, { signal: context.signal, deadline: context.deadline });
    if (result.usage !== null)
      context.onUsage({
        node: "classify",
        model: model.name,
        ...result.usage,
        latency_ms: Math.round(now() - started),
      });
    return result;
  } catch (error) {
    if (error instanceof BackendError) return { failure: error.code };
    throw error;
  }
}

function readPlan(text: string, planning: ModelPlanning): { plan: Plan } | { errors: string[] } {
  const parsed = parseReply(text);
  if ("errors" in parsed) return parsed;
  const plan = toPlan(parsed.reply, planning.knowledge, planning.decision);
  const errors = [
    ...formProblems(plan),
    ...checkPlan(plan, planning.limits).map((problem) => problem.message),
    ...(plan.kind === "clarify" && !planning.mayClarify
      ? ["Asking back is switched off: plan or refuse."]
      : []),
  ];
  return errors.length === 0 ? { plan } : { errors };
}

function repair(errors: readonly string[]): string {
  return REPAIR_PROMPT.replace("{problems}", () => errors.map((error) => `- ${error}`).join("\n"));
}
