/** A workspace on tape: what is asked again is answered as before, over sockets, with the faults that are set. */
import { createServer, type Server } from "node:http";
import { mkdtempSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { altered, staleFigure } from "../../evals/recorded/altered.ts";
import { mergeDeltas } from "../../evals/recorded/event-text.ts";
import { exchangeKey } from "../../evals/recorded/exchange-key.ts";
import { readRecordings, writeRecordings, type Recording } from "../../evals/recorded/recording.ts";
import { startTape, type Tape } from "../../evals/recorded/tape.ts";

let upstream: Server;
let origin: string;
let asked = 0;
const recordings = new Map<string, Recording>();

/** Answers with its conversation, the number of calls so far, and where the caller finds more. */
beforeAll(async () => {
  upstream = createServer((request, reply) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      asked += 1;
      const body = JSON.parse(text === "" ? "{}" : text) as { conversation_id?: string; fail?: boolean };
      const conversation_id = body.conversation_id ?? `upstream-conversation-${asked}`;
      reply.writeHead(body.fail === true ? 503 : 200, { "content-type": "application/json" });
      reply.end(JSON.stringify({ conversation_id, text: `Call ${asked}: 1234.5`, url: `${origin}/doc` }));
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
});
afterAll(() => void upstream.close());

async function onTape<T>(
  options: { live: boolean; again?: boolean },
  work: (tape: Tape) => Promise<T>,
): Promise<T> {
  const tape = await startTape({ recordings, upstream: options.live ? origin : null, again: options.again });
  try {
    return await work(tape);
  } finally {
    await tape.close();
  }
}

const post = (tape: Tape, body: object, signal?: AbortSignal) =>
  fetch(`${tape.url}/backend/invocations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
const ask = async (tape: Tape, body: object) =>
  (await (await post(tape, body)).json()) as { conversation_id: string; text: string; url: string };

describe("a recorded conversation", () => {
  it("is answered as before without the workspace, follow-ups after their own questions", async () => {
    const talk = async (tape: Tape) => {
      const first = await ask(tape, { question: "MRR?" });
      const other = await ask(tape, { question: "Tickets?" });
      const more = await ask(tape, { question: "And by region?", conversation_id: first.conversation_id });
      const otherMore = await ask(tape, {
        question: "And by region?",
        conversation_id: other.conversation_id,
      });
      return [first, other, more, otherMore].map(({ text }) => text);
    };
    const live = await onTape({ live: true, again: true }, talk);
    expect(live).toEqual(["Call 1: 1234.5", "Call 2: 1234.5", "Call 3: 1234.5", "Call 4: 1234.5"]);
    expect(await onTape({ live: false }, talk)).toEqual(live);
    expect(asked).toBe(4);
  });

  it("names the tape where the workspace named itself", async () => {
    await onTape({ live: false }, async (tape) => {
      expect((await ask(tape, { question: "MRR?" })).url).toBe(`${tape.url}/doc`);
    });
  });

  it("survives its file", () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "recordings-")), "a.jsonl.gz");
    writeRecordings(file, recordings.values());
    expect([...readRecordings(file).values()].toSorted(byKey)).toEqual(
      [...recordings.values()].toSorted(byKey),
    );
    expect(readRecordings(`${file}.none`).size).toBe(0);
  });
});

describe("what is not recorded", () => {
  it("is missed and told without a workspace, asked with one, and failures are not kept", async () => {
    await onTape({ live: false }, async (tape) => {
      expect((await post(tape, { question: "New?" })).status).toBe(404);
      expect(tape.missed()).toEqual(['POST /backend/invocations {"question":"New?"}']);
    });
    const before = recordings.size;
    await onTape({ live: true }, async (tape) => {
      expect((await post(tape, { fail: true })).status).toBe(503);
      expect(recordings.size).toBe(before);
      expect((await ask(tape, { question: "New?" })).text).toBe((await ask(tape, { question: "New?" })).text);
    });
    expect(recordings.size).toBe(before + 1);
  });

  it("needs no token on tape, hands the workspace's own through, and keeps none", async () => {
    const token = (tape: Tape) => fetch(`${tape.url}/oidc/v1/token`, { method: "POST" });
    const before = [...recordings.keys()];
    await onTape({ live: false }, async (tape) => {
      expect(await (await token(tape)).json()).toMatchObject({ access_token: "replayed" });
    });
    await onTape({ live: true, again: true }, async (tape) => {
      expect(await (await token(tape)).json()).toMatchObject({ text: `Call ${asked}: 1234.5` });
    });
    expect([...recordings.keys()]).toEqual(before);
  });
});

describe("a fault", () => {
  const struck = (kind: "rate_limit" | "wrong_content" | "cut" | "hang" | "empty" | "stale") =>
    onTape({ live: false }, async (tape) => {
      tape.setFault({ target: "/backend/", kind });
      const reply = await post(tape, { question: "MRR?" }, AbortSignal.timeout(300)).catch(() => null);
      return reply === null ? "no reply" : `${reply.status} ${await reply.text().catch(() => "broken off")}`;
    });

  it("is what the caller gets instead", async () => {
    expect(await struck("rate_limit")).toContain("429 {");
    expect(await struck("wrong_content")).toContain("200 <!doctype html>");
    expect(await struck("cut")).toBe("200 broken off");
    expect(await struck("hang")).toBe("no reply");
    expect(await struck("empty")).toContain('"text":""');
    expect(await struck("stale")).toContain("Call 1: 2234.5");
  });

  it("strikes its own backend alone", async () => {
    await onTape({ live: false }, async (tape) => {
      tape.setFault({ target: "/other/", kind: "rate_limit" });
      expect((await post(tape, { question: "MRR?" })).status).toBe(200);
    });
  });

  it("of an old figure spares years and reaches texts within texts", () => {
    expect(staleFigure("In 2026 there were 12 of 345.6.")).toBe("In 2026 there were 12 of 445.6.");
    const rpc = JSON.stringify({
      result: {
        content: [
          { type: "text", text: JSON.stringify({ textAttachments: ["MRR 987.6"], rows: [["987.6"]] }) },
        ],
      },
    });
    expect(altered(rpc, "application/json", "stale")).toContain(
      String.raw`\"MRR 187.6\"],\"rows\":[[\"987.6\"]]`,
    );
    expect(altered('data: {"delta":"MRR 987.6"}\n\n', "text/event-stream", "empty")).toBe(
      'data: {"delta":""}\n\n',
    );
  });
});

describe("a recording", () => {
  it("is found by what is asked, not by what differs from run to run", () => {
    const key = (id: number, query: string, meta?: object) =>
      exchangeKey(
        {
          method: "POST",
          path: "/mcp",
          body: { jsonrpc: "2.0", id, method: "tools/call", params: { _meta: meta, arguments: { query } } },
        },
        "new",
        [],
      );
    expect(key(1, "MRR?")).toBe(key(2, "MRR?", { traceparent: "00-1" }));
    expect(key(1, "MRR?")).not.toBe(key(1, "ARR?"));
  });

  it("keeps the text of a stream in one piece", () => {
    const delta = (text: string) =>
      `event: response.output_text.delta\ndata: ${JSON.stringify({ type: "response.output_text.delta", item_id: "m", delta: text })}\n\n`;
    const done = 'data: {"type":"response.completed"}\n\n';
    expect(mergeDeltas(delta("12,79") + delta("6") + done)).toBe(delta("12,796") + done);
  });
});

function byKey(a: Recording, b: Recording): number {
  return a.key < b.key ? -1 : 1;
}
