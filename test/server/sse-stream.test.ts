/** Readers of every speed: back-pressure is respected, nothing is lost, and who takes nothing is cut off. */
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { answerOf, type Script, turnResult } from "./scripted-orchestrator.ts";
import { checkStream } from "./stream-checker.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
afterEach(() => server.close());

const DELTA = "0123456789abcdef".repeat(256);
const DELTAS = 1_000;

/** 4 MB of text at once, which the closing events repeat: far more than sockets buffer; then the end, unless somebody leaves first. */
function flood(ended: string[]): Script {
  return async (_input, context) => {
    context.signal.addEventListener("abort", () => ended.push(String(context.signal.reason)));
    for (let i = 0; i < DELTAS; i++) context.emit({ type: "text", delta: DELTA });
    return turnResult({ answer: answerOf(DELTA.repeat(DELTAS)) });
  };
}

/** Asks for a stream and leaves the bytes where they are. */
function askWithoutReading(url: string): Socket {
  const body = JSON.stringify({ input: "q", stream: true });
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.pause();
  socket.write(
    `POST /responses HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

describe("a stream", () => {
  it("reaches a reader that begins late, whole and in order", async () => {
    const ended: string[] = [];
    server = await startTestServer({ script: flood(ended) });
    const socket = askWithoutReading(server.url);
    await expect.poll(() => server.orchestrator.turns.length).toBe(1);
    const chunks: Buffer[] = [];
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.resume();
    await closed;
    const checked = checkStream(dechunked(Buffer.concat(chunks).toString()));
    expect(checked.text.length).toBe(DELTA.length * DELTAS);
    expect(ended).toEqual([]);
  });

  it("is cut off when its reader takes nothing for too long", async () => {
    server = await startTestServer({
      script: flood([]),
      config: { server: { limits: { slow_reader_ms: 100 } } },
    });
    const socket = askWithoutReading(server.url);
    const closed = new Promise<string>((resolve) => {
      socket.on("error", () => {});
      socket.on("close", () => resolve("closed"));
    });
    await expect.poll(() => server.orchestrator.turns.length).toBe(1);
    let tail = "";
    await new Promise((resolve) => setTimeout(resolve, 400));
    socket.on("data", (chunk: Buffer) => (tail = chunk.toString().slice(-40)));
    socket.resume();
    expect(await closed).toBe("closed");
    expect(tail).not.toContain("[DONE]");
  });

  it("writes every event in one piece", async () => {
    server = await startTestServer();
    const response = await fetch(`${server.url}/responses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: "q", stream: true }),
    });
    for await (const chunk of response.body ?? []) {
      expect(Buffer.from(chunk).toString()).toMatch(/\n\n$/);
    }
  });
});

/** The body of a chunked HTTP/1.1 answer. */
function dechunked(raw: string): string {
  let rest = raw.slice(raw.indexOf("\r\n\r\n") + 4);
  const parts: string[] = [];
  for (;;) {
    const line = rest.indexOf("\r\n");
    const size = Number.parseInt(rest.slice(0, line), 16);
    if (size === 0) return parts.join("");
    parts.push(rest.slice(line + 2, line + 2 + size));
    rest = rest.slice(line + 2 + size + 2);
  }
}
