/** The WebSocket transport and compaction: the Open Responses cases of them (Responses contract section 8), and more. */
import { once } from "node:events";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { answerOf, turnResult, type Script } from "./scripted-orchestrator.ts";
import { socketClient } from "./socket-client.ts";
import { post, startTestServer, type TestServer } from "./test-server.ts";

/** Answers with everything that it can see: history, then question. */
const echo: Script = async (input, context) => {
  const seen = [...(input.history ?? []).map((message) => message.content), input.question].join(" | ");
  const answer = answerOf(`saw: ${seen}`);
  context.emit({ type: "text", delta: answer.text });
  context.emit({ type: "answer", answer });
  return turnResult({ answer, checkpoint_id: null });
};

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ script: echo });
});
afterEach(() => server.close());

const user = (content: string) => ({ type: "message", role: "user", content });

interface Compacted {
  object: string;
  output: { type: string; id: string; encrypted_content: string }[];
}

async function compacted(body: object): Promise<{ status: number; body: Compacted }> {
  const reply = await post(`${server.url}/v1/responses/compact`, body);
  return { status: reply.status, body: (await reply.json()) as Compacted };
}

describe("Open Responses over a WebSocket", () => {
  it("websocket-response", async () => {
    const client = await socketClient(server.url);
    const { response } = await client.turn({ input: [user("Count from 1 to 3.")] });
    expect(response).toMatchObject({ status: "completed", model: "test" });
    expect(response?.output.length).toBeGreaterThan(0);
    await client.close();
  });

  it("websocket-sequential-responses", async () => {
    const client = await socketClient(server.url);
    const first = await client.turn({ input: "Reply with exactly: first" });
    const second = await client.turn({ input: "Reply with exactly: second" });
    expect([first.response?.status, second.response?.status]).toEqual(["completed", "completed"]);
    expect(first.response?.id).not.toBe(second.response?.id);
    await client.close();
  });

  it("websocket-continuation", async () => {
    const client = await socketClient(server.url);
    const first = await client.turn({ input: "The code word is cobalt.", store: false });
    const previous_response_id = first.response?.id;
    const second = await client.turn({ input: "What is it?", store: false, previous_response_id });
    expect(JSON.stringify(second.response?.output)).toContain("The code word is cobalt.");
    expect(second.response?.previous_response_id).toBe(previous_response_id);
    await client.close();
  });

  it("websocket-reconnect-store-false-recovery", async () => {
    const lost = await socketClient(server.url);
    const first = await lost.turn({ input: "seed", store: false });
    await lost.close();
    const client = await socketClient(server.url);
    const previous_response_id = first.response?.id;
    const refused = await client.turn({ input: "go on", store: false, previous_response_id });
    expect(refused.error?.code).toBe("previous_response_not_found");
    const fresh = await client.turn({ input: "fresh start", store: false });
    expect(fresh.response?.status).toBe("completed");
    await client.close();
  });

  it("websocket-previous-response-not-found", async () => {
    const client = await socketClient(server.url);
    const { error } = await client.turn({ input: "x", previous_response_id: "resp_missing", store: false });
    expect(error).toMatchObject({
      code: "previous_response_not_found",
      param: "previous_response_id",
    });
    await client.close();
  });

  it("websocket-failed-continuation-evicts-cache", async () => {
    const client = await socketClient(server.url);
    const { response } = await client.turn({ input: "The code word is ember.", store: false });
    const previous_response_id = response?.id;
    const orphan = { type: "function_call_output", call_id: "call_orphaned", output: "x" };
    const failed = await client.turn({ input: [orphan], store: false, previous_response_id });
    expect(failed.error?.code).toBe("invalid_value");
    const evicted = await client.turn({ input: "Go on.", store: false, previous_response_id });
    expect(evicted.error?.code).toBe("previous_response_not_found");
    await client.close();
  });

  it("websocket-compact-new-chain", async () => {
    const { body } = await compacted({ model: "m", input: [user("The code word is jade.")] });
    const client = await socketClient(server.url);
    const { response } = await client.turn({ input: [...body.output, user("What is it?")], store: false });
    expect(JSON.stringify(response?.output)).toContain("The code word is jade.");
    const next = await client.turn({ input: "And?", store: false, previous_response_id: response?.id });
    expect(JSON.stringify(next.response?.output)).toContain("The code word is jade.");
    await client.close();
  });

  it("compact-response", async () => {
    const input = [user("Hello"), { type: "message", role: "assistant", content: "Hi!" }];
    const { status, body } = await compacted({ model: "m", input });
    expect(status).toBe(200);
    expect(body).toMatchObject({ object: "response.compaction", output: [{ type: "compaction" }] });
    expect(body.output[0]?.id).toMatch(/^cmp_[0-9a-f]{32}$/);
    expect(body.output[0]?.encrypted_content).not.toBe("");
  });

  it("compact-missing-model", async () => {
    expect((await compacted({ input: [user("Compact this.")] })).status).toBe(400);
  });
});

describe("a WebSocket", () => {
  it("refuses what only HTTP knows, other types and broken JSON by name, and goes on", async () => {
    const client = await socketClient(server.url);
    for (const key of ["stream", "background"]) {
      const { error } = await client.turn({ input: "x", [key]: true });
      expect(error).toMatchObject({ code: "unsupported_parameter", param: key });
    }
    for (const text of ["{", "[]", '{"type":"response.cancel"}']) {
      client.send(text);
      expect(await client.next()).toMatchObject({ type: "error", status: 400 });
    }
    expect((await client.turn({ input: 7 })).error?.code).toBe("invalid_type");
    expect((await client.turn({ input: "x" })).response?.status).toBe("completed");
    await client.close();
  });

  it.each([
    ["kept by the connection", { store: false }],
    ["stored", {}],
  ])("warms up with generate false: nothing is run, and the input is continued, %s", async (_name, store) => {
    const client = await socketClient(server.url);
    const warm = await client.turn({ input: "The word is onyx.", generate: false, ...store });
    expect(warm.response).toMatchObject({ status: "completed", output: [], usage: { total_tokens: 0 } });
    expect(server.orchestrator.turns).toEqual([]);
    const previous_response_id = warm.response?.id;
    const { response } = await client.turn({ input: "What is it?", previous_response_id, ...store });
    expect(JSON.stringify(response?.output)).toContain("saw: The word is onyx. | What is it?");
    expect(response?.previous_response_id).toBe(previous_response_id);
    await client.close();
  });

  it("warms up without input, and refuses what a warm-up cannot carry", async () => {
    const client = await socketClient(server.url);
    const { response } = await client.turn({ input: [], generate: false });
    expect(response?.status).toBe("completed");
    const { error } = await client.turn({ input: "x", generate: false, conversation: "conv_1" });
    expect(error).toMatchObject({ code: "unsupported_parameter", param: "conversation" });
    await client.close();
  });

  it("remembers no more unstored responses than one request may weigh, and says so", async () => {
    const limits = { body_bytes: 10_000 };
    const small = await startTestServer({ script: echo, config: { server: { limits } } });
    const client = await socketClient(small.url);
    const ask = (input: string, previous_response_id?: string) =>
      client.turn({ input, store: false, previous_response_id });
    const first = await ask("a".repeat(2_000));
    const second = await ask("b".repeat(2_000));
    expect((await ask("go on", second.response?.id)).response?.status).toBe("completed");
    const { error } = await ask("go on", first.response?.id);
    expect(error).toMatchObject({
      code: "previous_response_not_found",
      param: "previous_response_id",
      message: expect.stringContaining("no longer remembers this response") as string,
    });
    expect((await ask("fresh")).response?.status).toBe("completed");
    await client.close();
    await small.close();
  });

  it("continues a stored response of another transport", async () => {
    const first = (await (await post(`${server.url}/responses`, { input: "The word is opal." })).json()) as {
      id: string;
    };
    const client = await socketClient(server.url);
    const { response } = await client.turn({ input: "What is it?", previous_response_id: first.id });
    expect(JSON.stringify(response?.output)).toContain("The word is opal.");
    await client.close();
  });

  it.each([
    ["another path", "/other", {}],
    ["a page of another origin", "/v1/responses", { origin: "https://evil.example.com" }],
  ])("is refused to %s", async (_name, path, headers) => {
    const socket = new WebSocket(server.url.replace("http", "ws") + path, { headers });
    const [, reply] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
    expect([403, 404]).toContain(reply.statusCode);
    socket.on("error", () => {});
    socket.terminate();
  });

  it("is cut off, and its run stopped, when its reader takes nothing for too long", async () => {
    let stopped = false;
    const flood: Script = (_input, context) =>
      new Promise((_resolve, reject) => {
        context.signal.addEventListener("abort", () => {
          stopped = true;
          reject(context.signal.reason as Error);
        });
        for (let i = 0; i < 4_000; i++) context.emit({ type: "text", delta: "x".repeat(4_096) });
      });
    const config = { server: { limits: { slow_reader_ms: 100 } } };
    const other = await startTestServer({ script: flood, config });
    const socket = new WebSocket(`${other.url.replace("http", "ws")}/v1/responses`);
    await once(socket, "open");
    socket.on("error", () => {});
    socket.pause();
    socket.send(JSON.stringify({ type: "response.create", input: "x" }));
    await vi.waitFor(() => expect(stopped).toBe(true), 5_000);
    socket.terminate();
    await other.close();
  });

  it("ends each turn as one request, in the log and for whoever counts what is open", async () => {
    const lines: { msg: string; route?: string; status?: number }[] = [];
    const write = (line: string) => void lines.push(JSON.parse(line) as { msg: string });
    const other = await startTestServer({
      script: echo,
      deps: { logger: pino({ level: "info" }, { write }) },
    });
    const client = await socketClient(other.url);
    await client.turn({ input: "one" });
    await client.turn({ input: 7 });
    await client.turn({ input: "two" });
    const requests = () =>
      lines.filter(({ msg }) => msg === "request").map(({ route, status }) => [route, status]);
    await vi.waitFor(() =>
      expect(requests()).toEqual([
        ["/v1/responses", 200],
        ["/v1/responses", 400],
        ["/v1/responses", 200],
      ]),
    );
    await client.close();
    await other.close();
  });

  it("is one of a limited number, however many ask at the same moment", async () => {
    const asking: (() => void)[] = [];
    const identify = async () => {
      await new Promise<void>((resolve) => {
        asking.push(resolve);
        if (asking.length === 6) for (const goOn of asking) goOn();
      });
      return { subject: "user:ada" };
    };
    const config = { server: { limits: { streams: 2 } } };
    const other = await startTestServer({ script: echo, config, deps: { identify } });
    const sockets = Array.from(
      { length: 6 },
      () => new WebSocket(`${other.url.replace("http", "ws")}/v1/responses`),
    );
    const outcomes = await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<string>((resolve) => {
            socket.on("open", () => resolve("open"));
            socket.on("error", ({ message }) => resolve(message));
          }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === "open")).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome.includes("503"))).toHaveLength(4);
    for (const socket of sockets) socket.terminate();
    await other.close();
  });

  it("stops the run of a client that leaves", async () => {
    let aborted = false;
    const hanging: Script = (_input, context) =>
      new Promise((_resolve, reject) => {
        context.signal.addEventListener("abort", () => {
          aborted = true;
          reject(context.signal.reason as Error);
        });
      });
    const other = await startTestServer({ script: hanging });
    const client = await socketClient(other.url);
    client.send(JSON.stringify({ type: "response.create", input: "x" }));
    await vi.waitFor(() => expect(other.orchestrator.turns).toHaveLength(1));
    await client.close();
    await vi.waitFor(() => expect(aborted).toBe(true));
    await other.close();
  });
});

describe("POST /responses/input_tokens", () => {
  it("counts four bytes as a token, earlier responses included", async () => {
    const count = async (body: object) =>
      (
        (await (await post(`${server.url}/v1/responses/input_tokens`, body)).json()) as {
          input_tokens: number;
        }
      ).input_tokens;
    expect(await count({ input: "12345678" })).toBe(2);
    const { id } = (await (await post(`${server.url}/responses`, { input: "12345678" })).json()) as {
      id: string;
    };
    expect(await count({ input: "12345678", previous_response_id: id })).toBe(
      Math.ceil((8 + "saw: 12345678".length + 8) / 4),
    );
  });
});
