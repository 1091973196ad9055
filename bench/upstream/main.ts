/** The fake workspace behind both servers: an agent endpoint, a chat model that routes and one that writes. Loopback only. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Words of the written answer, the first argument; each is one chunk of a stream. */
const TOKENS = Number(process.argv[2] ?? 200);

/** How long each call takes before its answer begins, in milliseconds; the second argument. */
const DELAY_MS = Number(process.argv[3] ?? 0);

const PLAN = JSON.stringify({
  kind: "plan",
  steps: [
    { id: "s1", backend: "records", question: "What is in the records?", depends_on: [], confidence: 0.9 },
  ],
  confidence: 0.9,
});
const WORDS = Array.from({ length: TOKENS }, (_, i) => (i === TOKENS - 1 ? " done [1]." : ` word${String.fromCharCode(97 + (i % 26))}`)); // prettier-ignore
const RECORD = "The records show that everything is in order.";

/** Written as the servers would meet them: one frame per chunk, all at once. */
const WRITTEN_STREAM = Buffer.from(
  [
    ...WORDS.map((content) => chunk({ content }, null)),
    chunk({}, "stop"),
    frame({ id: "c", object: "chat.completion.chunk", model: "writer", choices: [], usage: usage(TOKENS) }),
    "data: [DONE]\n\n",
  ].join(""),
);
const AGENT_STREAM = Buffer.from(agentFrames().join(""));

let calls = 0;

const server = createServer((req, res) => void handle(req, res));
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`upstream listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on("SIGTERM", () => process.exit(0));

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = req.url ?? "/";
  const body = await read(req);
  if (path === "/_calls") return json(res, { calls });
  calls += 1;
  if (DELAY_MS > 0) await sleep(DELAY_MS);
  if (path === "/serving-endpoints/responses") return sse(res, AGENT_STREAM);
  if (path === "/v1/chat/completions") return chat(res, body);
  res.writeHead(404).end("{}");
}

function chat(res: ServerResponse, body: string): void {
  const { model, stream } = JSON.parse(body) as { model: string; stream?: boolean };
  const text = model === "router" ? PLAN : WORDS.join("");
  if (stream === true && model !== "router") return sse(res, WRITTEN_STREAM);
  if (stream === true)
    return sse(res, Buffer.from(`${chunk({ content: text }, null)}${chunk({}, "stop")}data: [DONE]\n\n`));
  const message = { role: "assistant", content: text };
  json(res, { id: "c", object: "chat.completion", model, choices: [{ index: 0, message, finish_reason: "stop" }], usage: usage(TOKENS) }); // prettier-ignore
}

function agentFrames(): string[] {
  const part = { type: "output_text", text: RECORD, annotations: [] };
  const item = { type: "message", id: "m1", role: "assistant", status: "completed", content: [part] };
  return [
    frame({
      type: "response.output_text.delta",
      item_id: "m1",
      output_index: 0,
      content_index: 0,
      delta: RECORD,
    }),
    frame({ type: "response.output_item.done", output_index: 0, item }),
    frame({
      type: "response.completed",
      response: { id: "r1", object: "response", status: "completed", output: [item] },
    }),
    "data: [DONE]\n\n",
  ];
}

function chunk(delta: object, finish_reason: string | null): string {
  return frame({
    id: "c",
    object: "chat.completion.chunk",
    model: "writer",
    choices: [{ index: 0, delta, finish_reason }],
  });
}

function frame(payload: object): string {
  return `data: ${JSON.stringify(payload)}\n\n`;
}

function usage(tokens: number) {
  return { prompt_tokens: 50, completion_tokens: tokens, total_tokens: 50 + tokens };
}

function sse(res: ServerResponse, frames: Buffer): void {
  res.writeHead(200, { "content-type": "text/event-stream" }).end(frames);
}

function json(res: ServerResponse, value: unknown): void {
  const text = JSON.stringify(value);
  res
    .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
    .end(text);
}

async function read(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const part of req) chunks.push(part as Buffer);
  return Buffer.concat(chunks).toString();
}
