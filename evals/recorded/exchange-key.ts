/** The hash of a request: who is asked and the normalised payload, without what differs from run to run. */
import { createHash } from "node:crypto";
import { z } from "zod";

export interface Exchange {
  method: string;
  /** With the query. */
  path: string;
  /** JSON where it can be read, else null. */
  body: unknown;
}

const Id = z.string().min(1);
/** The places where the wire contracts put a conversation's id. */
const WithConversation = z.object({
  conversation_id: Id.optional(),
  context: z.object({ conversation_id: Id.optional() }).optional(),
  params: z.object({ arguments: z.object({ conversation_id: Id.optional() }).optional() }).optional(),
});

/** The id of the conversation that a request belongs to. */
export function conversationIn({ path, body }: Exchange): string | null {
  const parsed = WithConversation.safeParse(body);
  const { conversation_id, context, params } = parsed.success ? parsed.data : {};
  const said = conversation_id ?? context?.conversation_id ?? params?.arguments?.conversation_id;
  return said ?? /\/conversations\/([^/?]+)/.exec(path)?.[1] ?? null;
}

/** `conversation` is the name that stands for the id, `origins` are the addresses that the workspace goes by. */
export function exchangeKey(exchange: Exchange, conversation: string, origins: readonly string[]): string {
  const id = conversationIn(exchange);
  const plain = [exchange.method, exchange.path, JSON.stringify(withoutNoise(exchange.body) ?? null)].join(
    " ",
  );
  const named = id === null ? plain : plain.replaceAll(id, conversation);
  const text = origins.reduce((whole, origin) => whole.replaceAll(origin, "{{origin}}"), named);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** JSON-RPC numbers its messages, and traces have their ids; keys are sorted. */
function withoutNoise(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNoise);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(
    ([name]) => name !== "_meta" && !(name === "id" && "jsonrpc" in value),
  );
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, of]) => [name, withoutNoise(of)]),
  );
}

const Rpc = z.object({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.number(), z.string()]).optional(),
  method: z.string(),
  params: z
    .object({ name: z.string().optional(), arguments: z.record(z.string(), z.unknown()).optional() })
    .optional(),
});
export type Rpc = z.infer<typeof Rpc>;

/** The JSON-RPC message of an MCP request; null for any other request. */
export function rpcIn(body: unknown): Rpc | null {
  const parsed = Rpc.safeParse(body);
  return parsed.success ? parsed.data : null;
}
