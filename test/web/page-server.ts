/** A small server for the page's tests: the page's files under the production policy, and scripted answers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";

const WEB = new URL("../../web/", import.meta.url);
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const TYPES: Record<string, string> = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript", svg: "image/svg+xml" }; // prettier-ignore

/** What `POST /responses` does: writes events, or answers with an error. */
export type Script = (reply: Reply, body: AskedBody) => Promise<void>;

export interface AskedBody {
  input: string;
  stream: boolean;
  custom_inputs: { thread_id: string };
}

export interface Reply {
  res: ServerResponse;
  /** Writes one event as one frame. */
  event: (event: { type: string; [field: string]: unknown }) => void;
  wait: (ms: number) => Promise<void>;
  closed: () => boolean;
}

export interface PageServer {
  url: string;
  /** Bodies of `POST /responses`, oldest first. */
  asked: AskedBody[];
  /** Bodies of `POST /feedback`. */
  votes: unknown[];
  /** Requests whose client went away before the end. */
  aborted: number;
  script: Script;
  /** Answers of GET routes by path. */
  routes: Map<string, unknown>;
  /** Their status where it is not 200. */
  statuses: Map<string, number>;
  /** What ended well, by thread, newest first, as `GET /threads/:id/turns` lists it. */
  turns: Map<string, { id: string; question: string; response: unknown }[]>;
  close(): Promise<void>;
}

export async function startPageServer(script: Script): Promise<PageServer> {
  const server = createServer((req, res) => void handle(page, req, res));
  const page: PageServer = {
    url: "",
    asked: [],
    votes: [],
    aborted: 0,
    script,
    routes: new Map(),
    statuses: new Map(),
    turns: new Map(),
    close: () => closed(server),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  page.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return page;
}

async function handle(page: PageServer, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { pathname } = new URL(req.url ?? "/", "http://page");
  res.setHeader("content-security-policy", POLICY);
  if (req.method === "POST" && pathname === "/responses") return answer(page, req, res);
  if (req.method === "POST" && pathname === "/feedback") return vote(page, req, res);
  const json = page.routes.get(pathname) ?? turnsOf(page, pathname);
  res.statusCode = page.statuses.get(pathname) ?? 200;
  if (json !== undefined)
    return void res.setHeader("content-type", "application/json").end(JSON.stringify(json));
  const name = pathname === "/" ? "index.html" : pathname.slice(1);
  const file = await readFile(new URL(name, WEB)).catch(() => null);
  if (file === null) return refuse(res, 404, "not_found", "There is nothing here.");
  res.setHeader("content-type", TYPES[name.split(".").at(-1) ?? ""] ?? "text/plain").end(file);
}

/** Undefined for threads that it does not know, and for all other paths. */
function turnsOf(page: PageServer, pathname: string): object | undefined {
  const [, thread = ""] = /^\/threads\/([^/]+)\/turns$/.exec(pathname) ?? [];
  const data = page.turns.get(decodeURIComponent(thread));
  return data && { data, has_more: false };
}

async function vote(page: PageServer, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  page.votes.push(JSON.parse(Buffer.concat(chunks).toString()));
  res.setHeader("content-type", "application/json").end("{}");
}

async function answer(page: PageServer, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as AskedBody;
  page.asked.push(body);
  let gone = false;
  res.on("close", () => {
    gone = !res.writableFinished;
    if (gone) page.aborted += 1;
  });
  const event = (payload: { type: string; response?: { id: string } }) => {
    const { thread_id } = body.custom_inputs;
    if (payload.type === "response.completed" && payload.response !== undefined) {
      const turn = { id: payload.response.id, question: body.input, response: payload.response };
      page.turns.set(thread_id, [turn, ...(page.turns.get(thread_id) ?? [])]);
    }
    if (!res.headersSent) res.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    if (!gone) res.write(`event: ${payload.type}\ndata: ${JSON.stringify(payload)}\n\n`);
  };
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  await page.script({ res, event, wait, closed: () => gone }, body);
  if (!res.writableEnded) res.end(res.headersSent ? "data: [DONE]\n\n" : undefined);
}

export function refuse(res: ServerResponse, status: number, code: string, message: string): void {
  res.writeHead(status, { "content-type": "application/json" });
  res.end(JSON.stringify({ error: { message, type: "server_error", param: null, code } }));
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
