/** One conversation: a played or replayed user against the running server, in one thread. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ChatModel } from "../../backends/chat-model.ts";
import { BackendError } from "../../backends/errors.ts";
import { askTurn } from "../ask.ts";
import type { Scenario } from "./scenario.ts";
import { goalReached, nextWords, type Turn } from "./simulated-user.ts";

export const Conversation = z.object({
  id: z.string(),
  goal: z.string(),
  turns: z.array(
    z.object({
      user: z.string(),
      assistant: z.string(),
      /** Of the response, for looking it up; null where there was none. */
      response_id: z.string().nullable(),
      status: z.string(),
      /** Backends that were asked, in order. */
      backends: z.array(z.string()),
      latency_ms: z.number(),
    }),
  ),
  /** `goal`: the user had it all; `turns`: as many as were allowed, or all that were to be replayed. */
  ended: z.enum(["goal", "turns", "no_answer", "user_model"]),
  /** Why it broke off. */
  error: z.string().nullable(),
});
export type Conversation = z.infer<typeof Conversation>;

export interface SimulateOptions {
  /** Base URL of the server. */
  url: string;
  /** Null only replays. */
  user: ChatModel | null;
  timeout_ms: number;
  now: () => number;
}

/** What breaks off is part of the conversation. Throws `TypeError` where a user has to be played and no model is given. */
export async function simulate(scenario: Scenario, options: SimulateOptions): Promise<Conversation> {
  const { id, goal } = scenario;
  const thread = `sim-${randomBytes(12).toString("hex")}`;
  const turns: Conversation["turns"] = [];
  const end = (ended: Conversation["ended"], error: string | null = null) => ({
    id,
    goal,
    turns,
    ended,
    error,
  });
  try {
    for (let index = 0; index < (scenario.turns?.length ?? scenario.max_turns); index += 1) {
      const spoken = turns.map(({ user, assistant }) => ({ user, assistant }));
      const words = await wordsOf(scenario, index, spoken, options);
      if (words === null) return end("goal");
      const outcome = await askTurn(id, words, thread, { url: options.url, timeout_ms: options.timeout_ms });
      if (outcome.response === null) return end("no_answer", outcome.error);
      const { response, text, latency_ms } = outcome;
      const backends = response.custom_outputs.backend_calls.map(({ backend }) => backend);
      turns.push({ user: words, assistant: text, response_id: response.id, status: response.status, backends, latency_ms }); // prettier-ignore
    }
    if (scenario.turns !== undefined || options.user === null) return end("turns");
    return end((await goalReached(options.user, scenario, turns, callOf(options))) ? "goal" : "turns");
  } catch (error) {
    if (error instanceof BackendError) return end("user_model", error.code);
    throw error;
  }
}

/** Null where the user has what they wanted. */
async function wordsOf(
  scenario: Scenario,
  index: number,
  turns: readonly Turn[],
  options: SimulateOptions,
): Promise<string | null> {
  const replayed = scenario.turns?.[index];
  if (replayed !== undefined) return replayed;
  if (options.user === null)
    throw new TypeError(`Scenario ${scenario.id} needs a model that plays the user.`);
  if (index > 0 && (await goalReached(options.user, scenario, turns, callOf(options)))) return null;
  return await nextWords(options.user, scenario, turns, callOf(options));
}

function callOf({ timeout_ms, now }: SimulateOptions) {
  return { signal: AbortSignal.timeout(timeout_ms * 2), deadline: now() + timeout_ms };
}
