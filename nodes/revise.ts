/** Has a larger model write again what the evidence does not confirm: escalation on observed failure, once. */
import { BackendError } from "../backends/errors.ts";
import type { ChatMessage, ChatModel, ChatResult, ModelCall } from "../backends/chat-model.ts";
import { parseClaims, type Claim } from "../grounding/claims.ts";

export const REVISE_PROMPT = `The evidence does not confirm these numbers of your answer: {numbers}.
The reader has seen the answer up to here:
<shown>
{shown}
</shown>
Write only the rest of the answer again, from there on, by the same rules. Use numbers that stand in the evidence, or that you compute from it and declare; leave out what you cannot confirm. After it, write the claims for the whole answer.`;

export interface Draft {
  /** What the model was told, and its whole answer with the claims. */
  messages: ChatMessage[];
  whole: string;
  /** Part of it that the reader has seen. */
  shown: string;
  /** As they stand in the answer. */
  unconfirmed: string[];
}

export interface Revision {
  /** The rest, without the claims. */
  text: string;
  claims: Claim[];
  result: ChatResult;
}

/** Null when the model fails, or has nothing to say: then the first draft stands, flagged. */
export async function revise(model: ChatModel, draft: Draft, call: ModelCall): Promise<Revision | null> {
  const asked = REVISE_PROMPT.replace("{numbers}", () => draft.unconfirmed.join(", ")).replace(
    "{shown}",
    () => draft.shown,
  );
  const messages: ChatMessage[] = [
    ...draft.messages,
    { role: "assistant", content: draft.whole },
    { role: "user", content: asked },
  ];
  try {
    const result = await model.complete({ messages }, call);
    const { text, claims } = parseClaims(result.text);
    return text.trim() === "" ? null : { text, claims, result };
  } catch (error) {
    if (error instanceof BackendError) return null;
    throw error;
  }
}
