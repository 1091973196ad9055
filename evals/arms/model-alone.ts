/** The arm of the synthesis model alone: the question, no backend. */
import type { Arm } from "./arm.ts";
import { openOutside, outcomeOf, usedBy } from "./model-arm.ts";
import type { ModelChoice } from "./model-choice.ts";

const PROMPT =
  "You are a helpful assistant. Answer the user's question as well as you can. Say so when you do not know; never invent figures.";

export function modelAloneArm(choice: ModelChoice): Arm {
  return {
    name: "model-alone",
    what: "the large model without any backend",
    start: async (ground) => {
      const { backends, model, price } = openOutside(choice, ground);
      return {
        ask: ({ id, input = "" }) =>
          outcomeOf(id, async () => {
            const call = {
              signal: AbortSignal.timeout(ground.timeout_ms),
              deadline: Date.now() + ground.timeout_ms,
            };
            const messages = [
              { role: "system" as const, content: PROMPT },
              { role: "user" as const, content: input },
            ];
            const result = await model.complete({ messages }, call);
            return { text: result.text, calls: [], usage: [usedBy("model", result, price)] };
          }),
        close: () => backends.close(),
      };
    },
  };
}
