/** A workspace on tape: a server that answers production clients from recordings, and records what it does not know. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createConversations } from "./conversations.ts";
import { conversationIn, exchangeKey, rpcIn, type Exchange } from "./exchange-key.ts";
import { FaultRule, send, type FaultKind } from "./faults.ts";
import { identityReply, isIdentity } from "./identity-reply.ts";
import { conversationMade, kept, played, settled } from "./kept.ts";
import { inShort, readExchange, readJson } from "./read-exchange.ts";
import type { Recording } from "./recording.ts";
import { createUpstream, type Forwarded, type Upstream } from "./upstream.ts";

export interface TapeOptions {
  /** Grows by what is recorded. */
  recordings: Map<string, Recording>;
  /** Where unknown questions go; null answers them with 404. */
  upstream: string | null;
  /** Asks the upstream even for what is known. */
  again?: boolean;
}

export interface Tape {
  url: string;
  /** What was asked and stands on no recording, in short. */
  missed(): string[];
  setFault(fault: FaultRule | null): void;
  close(): Promise<void>;
}

interface State extends TapeOptions {
  source: Upstream | null;
  origin(): string;
  conversations: ReturnType<typeof createConversations>;
  /** The question behind a message that was still being worked on. */
  waiting: Map<string, string>;
  missed: string[];
  /** Keys that were played or recorded. */
  used: Set<string>;
  fault: FaultRule | null;
}

export async function startTape(options: TapeOptions): Promise<Tape> {
  let origin = "";
  const state: State = {
    ...options,
    source: options.upstream === null ? null : createUpstream(options.upstream.replace(/\/+$/, "")),
    origin: () => origin,
    conversations: createConversations(),
    waiting: new Map(),
    missed: [],
    used: new Set(),
    fault: null,
  };
  const server = createServer((request, reply) => {
    answer(request, reply, state).catch((error: unknown) => {
      reply
        .writeHead(502, { "content-type": "application/json" })
        .end(JSON.stringify({ message: String(error) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin,
    missed: () => state.missed,
    setFault: (fault) => void (state.fault = fault === null ? null : FaultRule.parse(fault)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, reply: ServerResponse, state: State): Promise<void> {
  const { exchange, text } = await readExchange(request);
  if (isIdentity(exchange.path)) return identify(request, reply, text, state);
  if (exchange.method === "DELETE" || isNotice(exchange)) return void reply.writeHead(202).end();
  const id = conversationIn(exchange);
  const origins = [state.origin(), ...(state.source?.origins ?? [])];
  const key = exchangeKey(exchange, state.conversations.nameOf(id), origins);
  const recording = state.again === true && state.source !== null ? undefined : state.recordings.get(key);
  if (recording !== undefined) return play(reply, { exchange, key, id }, recording, state);
  if (state.source === null) {
    state.missed.push(inShort(exchange));
    return json(reply, 404, {
      error_code: "RESOURCE_DOES_NOT_EXIST",
      message: "This question is not recorded.",
    });
  }
  if (state.again !== true) state.missed.push(inShort(exchange));
  const { method, path } = exchange;
  const forwarded = await state.source.forward({ method, path, headers: request.headers, body: text });
  const body = record({ exchange, key, id }, forwarded, state);
  const fault = faultOn(exchange, state.fault);
  if (fault !== null)
    return send(reply, { key, asked: "", status: forwarded.status, type: forwarded.type, body }, fault);
  reply.writeHead(forwarded.status, { ...forwarded.headers, "content-type": forwarded.type }).end(body);
}

/** With an upstream its own tokens are handed through. */
async function identify(
  request: IncomingMessage,
  reply: ServerResponse,
  body: string,
  state: State,
): Promise<void> {
  const { method = "GET", url: path = "/", headers } = request;
  if (state.source === null) return json(reply, 200, identityReply(path, state.origin()));
  const forwarded = await state.source.forward({ method, path, headers, body });
  reply.writeHead(forwarded.status, { "content-type": forwarded.type }).end(forwarded.body);
}

/** A JSON-RPC message that wants no reply. */
function isNotice({ body }: Exchange): boolean {
  const rpc = rpcIn(body);
  return rpc !== null && rpc.id === undefined;
}

interface Turn {
  exchange: Exchange;
  key: string;
  /** Of the conversation, as the caller sent it. */
  id: string | null;
}

function play(reply: ServerResponse, { exchange, key, id }: Turn, recording: Recording, state: State): void {
  state.used.add(key);
  const name = state.conversations.goOn(id ?? key, key);
  const body = played(recording.body, exchange, { origin: state.origin(), conversation: id ?? name });
  send(reply, { ...recording, body }, faultOn(exchange, state.fault));
}

/** Only calls that ask something are struck: looking a backend up is no answer. */
function faultOn({ method, path, body }: Exchange, fault: FaultRule | null): FaultKind | null {
  if (fault === null || method !== "POST" || (rpcIn(body)?.method ?? "tools/call") !== "tools/call")
    return null;
  return `${path} ${JSON.stringify(body)}`.includes(fault.target) ? fault.kind : null;
}

/** Returns the body for the caller, whose apps are found here. */
function record({ exchange, key, id }: Turn, forwarded: Forwarded, state: State): string {
  const app = /^\/api\/2\.0\/apps\/([^/?]+)$/.exec(exchange.path)?.[1];
  const url = app === undefined ? undefined : urlIn(forwarded.body);
  if (app !== undefined && url !== undefined) {
    state.source?.learnApp(app, url);
    forwarded = { ...forwarded, body: forwarded.body.replaceAll(url, `${state.origin()}/_app/${app}`) };
  }
  const made = id ?? conversationMade(forwarded.body);
  const before = settled(exchange, key, forwarded.body, state.waiting);
  if (made !== null && before === null) state.conversations.goOn(made, key);
  const good =
    forwarded.status < 400 ||
    (forwarded.status < 500 && forwarded.status !== 401 && forwarded.status !== 429);
  if (!good) return forwarded.body;
  const origins = [state.origin(), ...(state.source?.origins ?? [])];
  const one = { asked: inShort(exchange), ...kept(exchange, forwarded, { origins, conversation: made }) };
  const first = before === null ? undefined : state.recordings.get(before);
  // Of several replies to one question the first is kept; an end replaces the state on the way to it.
  if (first !== undefined) state.recordings.set(first.key, { ...one, key: first.key, asked: first.asked });
  else if (exchange.method === "GET" || !state.used.has(key)) state.recordings.set(key, { ...one, key });
  state.used.add(first?.key ?? key);
  return forwarded.body;
}

function urlIn(body: string): string | undefined {
  const url = (readJson(body) as { url?: unknown } | null)?.url;
  return typeof url === "string" ? url : undefined;
}

function json(reply: ServerResponse, status: number, body: object): void {
  reply.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
