/** Reads a request whole, and says in short what it asks. */
import type { IncomingMessage } from "node:http";
import { rpcIn, type Exchange } from "./exchange-key.ts";
import { APP_PATH } from "./upstream.ts";

export async function readExchange(request: IncomingMessage): Promise<{ exchange: Exchange; text: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const { method = "GET", url: path = "/" } = request;
  return { exchange: { method, path, body: readJson(text) }, text };
}

/** Null for what is no JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function inShort({ method, path, body }: Exchange): string {
  const rpc = rpcIn(body);
  const said = rpc === null ? body : (rpc.params?.arguments ?? {});
  const parts = [
    method,
    path.replace(APP_PATH, "app $1 "),
    rpc?.method ?? "",
    body === null ? "" : JSON.stringify(said),
  ];
  return parts.filter(Boolean).join(" ").slice(0, 200);
}
