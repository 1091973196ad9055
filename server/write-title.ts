/** Writes chat titles with the small model that routes. */
import type { ChatModel } from "../backends/chat-model.ts";
import { shortTitle } from "./responses/title.ts";

const INSTRUCTIONS =
  "Write a title of at most six words for a chat that begins with the following message. Answer with the title alone, in the language of the message, without quotes.";
const PATIENCE_MS = 8_000;

/** Undefined without a model: titles are then cut from the user's words. */
export function titleWriter(
  model: ChatModel | null,
  clock: () => number,
): ((text: string, signal: AbortSignal) => Promise<string>) | undefined {
  if (model === null) return undefined;
  return async (text, signal) => {
    const messages = [
      { role: "system" as const, content: INSTRUCTIONS },
      { role: "user" as const, content: text.slice(0, 2_000) },
    ];
    const call = { signal, deadline: clock() + PATIENCE_MS };
    return shortTitle((await model.complete({ messages, max_output_tokens: 40 }, call)).text);
  };
}
