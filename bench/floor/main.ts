/** The floor: plain node:http and undici making the same three upstream calls, rewriting the stream, remembering nothing. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Pool, type Dispatcher } from "undici";

/** The upstream's address and the job, as arguments. */
const [upstream = "", job = "models"] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: 64 });

const server = createServer((req, res) => {
  handle(req, res).catch((error: unknown) => {
    if (!res.headersSent) res.writeHead(502);
    res.end(String(error));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`floor listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on("SIGTERM", () => process.exit(0));

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.url === "/health") return void res.end("{}");
  const { input, stream } = JSON.parse(await text(req)) as { input: string; stream?: boolean };
  if (job !== "local") await (await chat("router", input, false)).text();
  const agent = await post("/serving-endpoints/responses", {
    model: "records",
    stream: true,
    input: [{ role: "user", content: input }],
  });
  const record = agentText(await agent.text());
  if (job === "local") return reply(res, stream === true, [record]);
  const written = await chat("writer", `${input}\n${record}`, true);
  if (stream !== true) return reply(res, false, deltas(await written.text()));
  open(res);
  let rest = "";
  for await (const part of written) {
    rest += String(part);
    const end = rest.lastIndexOf("\n\n");
    if (end < 0) continue;
    for (const delta of deltas(rest.slice(0, end))) send(res, { type: "response.output_text.delta", delta });
    rest = rest.slice(end + 2);
  }
  close(res);
}

function reply(res: ServerResponse, stream: boolean, pieces: string[]): void {
  if (stream) {
    open(res);
    for (const delta of pieces) send(res, { type: "response.output_text.delta", delta });
    return close(res);
  }
  const content = [{ type: "output_text", text: pieces.join("") }];
  const body = JSON.stringify({
    id: "r",
    object: "response",
    status: "completed",
    output: [{ type: "message", content }],
  });
  res
    .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
    .end(body);
}

function open(res: ServerResponse): void {
  res.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
}

function send(res: ServerResponse, event: { type: string; delta?: string }): void {
  res.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function close(res: ServerResponse): void {
  send(res, { type: "response.completed" });
  res.end("data: [DONE]\n\n");
}

function chat(model: string, content: string, stream: boolean) {
  return post("/v1/chat/completions", { model, stream, messages: [{ role: "user", content }] });
}

async function post(path: string, body: object): Promise<Dispatcher.ResponseData["body"]> {
  const headers = { "content-type": "application/json" };
  const reply = await pool.request({ method: "POST", path, headers, body: JSON.stringify(body) });
  return reply.body;
}

function agentText(frames: string): string {
  return payloads(frames)
    .map((event) => (event.type === "response.output_text.delta" ? (event.delta ?? "") : ""))
    .join("");
}

function deltas(frames: string): string[] {
  return payloads(frames)
    .map((event) => event.choices?.[0]?.delta?.content ?? "")
    .filter((content) => content !== "");
}

interface Payload {
  type?: string;
  delta?: string;
  choices?: { delta?: { content?: string } }[];
}

function payloads(frames: string): Payload[] {
  return frames
    .split("\n\n")
    .filter((frame) => frame.startsWith("data: {"))
    .map((frame) => JSON.parse(frame.slice(6)) as Payload);
}

async function text(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const part of req) chunks.push(part as Buffer);
  return Buffer.concat(chunks).toString();
}
