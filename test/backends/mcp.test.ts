import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { failure, openWorkspace, question, recorded, type Workspace } from "./workspace.ts";
import { serve, type TestServer } from "./server.ts";

const cleanup: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of cleanup.splice(0).toReversed()) await close();
});

async function backend(url: string, settings: object = {}): Promise<Workspace> {
  const workspace = await openWorkspace([
    {
      name: "tools",
      kind: "mcp",
      target: url,
      description: "Somebody's tools.",
      timeout_ms: 5_000,
      ...settings,
    },
  ]);
  cleanup.push(() => workspace.stop());
  return workspace;
}

const LOGIN =
  "Credential for user identity('ada') is not found for the connection 'github'. Please login first to the connection by visiting https://login.example/";

/** A server built with the protocol's own SDK, with sessions and answers over server-sent events. */
async function sdkServer(): Promise<{
  url: string;
  sessions: Map<string, StreamableHTTPServerTransport>;
  tokens: string[];
}> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const tokens: string[] = [];
  const open = async () => {
    const mcp = new McpServer({ name: "other", version: "1.0.0" });
    mcp.registerTool("shout", { inputSchema: { words: z.string() } }, ({ words }) => ({
      content: [{ type: "text", text: words.toUpperCase() }],
    }));
    mcp.registerTool(
      "weather",
      {
        inputSchema: { city: z.string(), days: z.number() },
        outputSchema: { sky: z.string(), degrees: z.number() },
      },
      () => ({
        content: [{ type: "text", text: '{"sky":"blue","degrees":21}' }],
        structuredContent: { sky: "blue", degrees: 21 },
      }),
    );
    mcp.registerTool(
      "job",
      { inputSchema: { words: z.string() }, outputSchema: { status: z.string() } },
      () => ({
        content: [{ type: "text", text: '{"status":"failed"}' }],
        structuredContent: { status: "failed" },
      }),
    );
    mcp.registerTool("fail", { inputSchema: { words: z.string() } }, () => ({
      isError: true,
      content: [{ type: "text", text: "s3cr3t" }],
    }));
    mcp.registerTool("login", { inputSchema: { words: z.string() } }, () => ({
      isError: true,
      content: [{ type: "text", text: LOGIN }],
    }));
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await mcp.connect(transport);
    return transport;
  };
  const server: Server = createServer((req, res) => {
    tokens.push(req.headers.authorization ?? "");
    const id = req.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    if (known !== undefined) void known.handleRequest(req, res);
    else if (id === undefined) void open().then((transport) => transport.handleRequest(req, res));
    else
      res
        .writeHead(404, { "content-type": "application/json" })
        .end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanup.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, sessions, tokens };
}

describe("a server of somebody else", () => {
  it("is asked through the first tool that takes just one text", async () => {
    const { url } = await sdkServer();
    const answer = await (
      await backend(`${url}?key=s3cr3t`)
    )
      .backend("tools")
      .ask(question("hello"), recorded());
    expect(answer.text).toBe("HELLO");
    expect(answer.evidence).toEqual([{ kind: "text", title: "tools: shout", url, text: "HELLO" }]);
  });

  it("gets the configured arguments beside the question, and a record becomes a table", async () => {
    const { url } = await sdkServer();
    const settings = { tool: "weather", arguments: { days: 3 } };
    const answer = await (await backend(url, settings)).backend("tools").ask(question("Rome"), recorded());
    expect(answer.payload).toEqual({ tool: "weather", arguments: { days: 3, city: "Rome" } });
    expect(answer.text).toBe("sky: blue, degrees: 21");
    expect(answer.evidence).toMatchObject([
      { kind: "table", columns: [{ name: "sky" }, { name: "degrees" }], rows: [["blue", 21]] },
    ]);
  });

  it("that tells the status of something else has answered, whatever the status", async () => {
    const { url } = await sdkServer();
    const answer = await (
      await backend(url, { tool: "job" })
    )
      .backend("tools")
      .ask(question("x"), recorded());
    expect(answer.text).toContain("failed");
  });

  it("that reports an error fails without its words", async () => {
    const { url } = await sdkServer();
    const error = await failure(
      (await backend(url, { tool: "fail" })).backend("tools").ask(question("x"), recorded()),
    );
    expect([error.code, error.message.includes("s3cr3t")]).toEqual(["failed", false]);
  });

  it.each([
    { send_token: true, code: "login_required" },
    { send_token: false, code: "failed" },
  ])(
    "that asks for a login has failed with $code when `send_token` is $send_token",
    async ({ send_token, code }) => {
      const { url } = await sdkServer();
      const tools = (await backend(url, { tool: "login", send_token })).backend("tools");
      const error = await failure(tools.ask(question("x"), recorded()));
      expect([error.code, error.message.includes("login.example")]).toEqual([code, false]);
    },
  );

  it("whose process was restarted gets a new session", async () => {
    const { url, sessions } = await sdkServer();
    const tools = (await backend(url)).backend("tools");
    await tools.ask(question("one"), recorded());
    sessions.clear();
    expect((await tools.ask(question("two"), recorded())).text).toBe("TWO");
  });

  it.each([
    { writes: false, calls: 2 },
    { writes: true, calls: 1 },
  ])("whose gateway fails is asked $calls times when `writes` is $writes", async ({ writes, calls }) => {
    const { url } = await sdkServer();
    let seen = 0;
    const front = await serve(async (res, { method, headers, body }) => {
      const isCall = body.includes('"tools/call"');
      if (isCall) seen += 1;
      if (isCall && seen === 1) {
        res.writeHead(502).end();
        return;
      }
      const names = ["content-type", "accept", "mcp-session-id", "mcp-protocol-version"];
      const sent = names.flatMap((name) =>
        headers[name] === undefined ? [] : [[name, String(headers[name])]],
      );
      const reply = await fetch(url, {
        method,
        headers: Object.fromEntries(sent),
        ...(body !== "" && { body }),
      });
      const session = reply.headers.get("mcp-session-id");
      const back = { "content-type": reply.headers.get("content-type") ?? "" };
      res.writeHead(reply.status, session === null ? back : { ...back, "mcp-session-id": session });
      res.end(await reply.text());
    });
    cleanup.push(() => front.close());
    const tools = (await backend(`${front.url}/mcp`, { writes })).backend("tools");
    const told = await tools.ask(question("once"), recorded()).then(
      ({ text }) => text,
      ({ code }) => code,
    );
    expect([told, seen]).toEqual([writes ? "unavailable" : "ONCE", calls]);
  });

  it("sees no token when it shall see none", async () => {
    const { url, tokens } = await sdkServer();
    await (
      await backend(url, { send_token: false, headers: { "X-Api-Key": "k" } })
    )
      .backend("tools")
      .ask(question("one"), recorded());
    expect(new Set(tokens)).toEqual(new Set([""]));
  });
});

describe("a stream", () => {
  const result = (id: unknown) =>
    JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "late" }] } });
  const events = { "content-type": "text/event-stream" };

  async function scripted(onCall: Parameters<typeof serve>[0]): Promise<TestServer> {
    const server = await serve((res, request, nth) => {
      const { id, method } = JSON.parse(request.body || "{}");
      const reply = (value: unknown) =>
        void res
          .writeHead(200, { "content-type": "application/json" })
          .end(JSON.stringify({ jsonrpc: "2.0", id, result: value }));
      if (method === "initialize")
        reply({
          protocolVersion: "2025-06-18",
          capabilities: { tools: {} },
          serverInfo: { name: "s", version: "1" },
        });
      else if (method === "notifications/initialized") res.writeHead(202).end();
      else if (method === "tools/list")
        reply({
          tools: [
            {
              name: "t",
              inputSchema: { type: "object", properties: { q: { type: "string" } }, required: ["q"] },
            },
          ],
        });
      else return onCall(res, request, nth);
    });
    cleanup.push(() => server.close());
    return server;
  }

  it("that ends early but can be resumed is resumed", async () => {
    let asked: unknown = null;
    const server = await scripted((res, { method, body, headers }) => {
      if (method === "POST") {
        asked = JSON.parse(body).id;
        res.writeHead(200, events).end("id: event-1\nretry: 20\ndata: \n\n");
      } else {
        const id = headers["last-event-id"] === "event-1" ? asked : "another";
        res.writeHead(200, events).end(`id: event-2\ndata: ${result(id)}\n\n`);
      }
    });
    const answer = await (await backend(server.url)).backend("tools").ask(question("x"), recorded());
    expect(answer.text).toBe("late");
  });

  it("that ends without a result and without a way back is interrupted at once", async () => {
    const server = await scripted((res) => void res.writeHead(200, events).end(": bye\n\n"));
    const error = await failure((await backend(server.url)).backend("tools").ask(question("x"), recorded()));
    expect(error.code).toBe("interrupted");
  });

  it("that stays open after its result is left", async () => {
    const server = await scripted((res, { body }) => {
      res.writeHead(200, events);
      res.write(
        `data: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"hm"}}\n\n`,
      );
      res.write(`data: ${result(JSON.parse(body).id)}\n\n`);
    });
    const answer = await (await backend(server.url)).backend("tools").ask(question("x"), recorded());
    expect(answer.text).toBe("late");
  });

  it("is not waited for beyond the deadline, and the server is told", async () => {
    const server = await scripted((res, { body }) => {
      if (JSON.parse(body || "{}").method === "notifications/cancelled") res.writeHead(202).end();
    });
    const tools = (await backend(server.url)).backend("tools");
    const error = await failure(tools.ask(question("x"), recorded({ deadline: Date.now() + 300 })));
    expect(error.code).toBe("timeout");
    const methods = () => server.requests.map(({ body }) => JSON.parse(body || "{}").method);
    await expect.poll(methods).toContain("notifications/cancelled");
  });
});
