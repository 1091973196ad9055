/** What is kept of a reply and how it is played again: addresses and conversation ids are filled in anew. */
import { mergeDeltas } from "./event-text.ts";
import { rpcIn, type Exchange } from "./exchange-key.ts";
import type { Recording } from "./recording.ts";
import type { Forwarded } from "./upstream.ts";

interface Names {
  origins: readonly string[];
  conversation: string | null;
}

/** JSON-RPC replies are kept as JSON however they came. */
export function kept(
  exchange: Exchange,
  reply: Forwarded,
  names: Names,
): Pick<Recording, "status" | "type" | "body"> {
  const streamed = reply.type.includes("event-stream");
  const rpc = rpcIn(exchange.body) !== null;
  const body = rpc && streamed ? rpcMessage(reply.body) : streamed ? mergeDeltas(reply.body) : reply.body;
  const type = rpc && streamed ? "application/json" : reply.type;
  const local = names.origins.reduce((text, origin) => text.replaceAll(origin, "{{origin}}"), body);
  const { conversation } = names;
  const plain = conversation === null ? local : local.replaceAll(conversation, "{{conversation}}");
  return { status: reply.status, type, body: plain };
}

export function played(
  body: string,
  exchange: Exchange,
  names: { origin: string; conversation: string },
): string {
  const text = body.replaceAll("{{origin}}", names.origin).replaceAll("{{conversation}}", names.conversation);
  const rpc = rpcIn(exchange.body);
  if (rpc?.id === undefined || text === "") return text;
  return JSON.stringify({ ...(JSON.parse(text) as object), id: rpc.id });
}

function rpcMessage(stream: string): string {
  return /^data: ?(.*)$/m.exec(stream)?.[1] ?? "";
}

/** The id of the conversation that a reply tells of; escaped quotes are JSON within JSON. */
export function conversationMade(body: string): string | null {
  return /"conversation_?[iI]d\\*":\s*\\*"([^"\\]+)/.exec(body)?.[1] ?? null;
}

/**
 * Genie answers a question with a message that is looked at until it has ended. Returns the key of the question where
 * `exchange` is such a look: its reply is what the question came to.
 */
export function settled(
  exchange: Exchange,
  key: string,
  body: string,
  waiting: Map<string, string>,
): string | null {
  const tool = rpcIn(exchange.body)?.params?.name;
  const message = /"messageId\\*":\s*\\*"([^"\\]+)/.exec(body)?.[1];
  if (tool === undefined || message === undefined) return null;
  if (tool.startsWith("poll_response_")) return waiting.get(message) ?? null;
  waiting.set(message, key);
  return null;
}
