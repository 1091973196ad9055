/** Planted secrets, searched for in the bytes of everything that is written, sent or shown to operators. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogger } from "../../server/create-logger.ts";
import { start, type Running } from "../../server/start.ts";
import { openSqlite } from "../../store/sqlite.ts";
import { startStack, type Stack } from "../e2e/stack.ts";
import { overlay } from "./overlay.ts";

const hex = (seed: string) => seed.repeat(32).slice(0, 32);
const SECRETS = {
  question: `dapi${hex("a1b2")}`,
  pattern: "PLANT-QUESTION77",
  requestId: `dapi${hex("c3d4")}`,
  header: `sk-${hex("e5f6")}`,
  answer: `dapi${hex("0718")}`,
  answerPattern: "PLANT-ANSWER88",
  errorBody: `dapi${hex("2930")}`,
  url: `ghp_${hex("4b5c")}`,
  encoded: "hunter-in-a-query",
  base64: `dapi${hex("6d7e")}`,
};

let stack: Stack;
let app: Server;
let collector: Server;
const exported: Buffer[] = [];
let lines = "";
let failing = false;

/** An app that says more than it should. */
function talkative(): Server {
  return createServer((req, res) => {
    req.resume();
    const encoded = encodeURIComponent(JSON.stringify({ token: SECRETS.encoded }));
    const base64 = Buffer.from(SECRETS.base64).toString("base64");
    const text = `The token is ${SECRETS.answer} and the code ${SECRETS.answerPattern}. ${encoded} ${base64}`;
    const annotations = [
      {
        type: "url_citation",
        url: `https://x.example.com/?k=${SECRETS.url}`,
        title: SECRETS.answer,
        start_index: 0,
        end_index: 3,
      },
    ];
    const output = [
      { type: "message", role: "assistant", content: [{ type: "output_text", text, annotations }] },
    ];
    const body = failing
      ? { error_code: "BAD_REQUEST", message: `Refused ${SECRETS.errorBody}` }
      : { id: "r", object: "response", status: "completed", output };
    res.writeHead(failing ? 400 : 200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
}

function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  return once(server, "listening").then(() => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

/** As it is, and in the encodings that bytes may come in. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
    encodeURIComponent(secret),
  ];
}

let running: Running;
beforeAll(async () => {
  app = talkative();
  collector = createServer((req, res) => {
    void (async () => {
      for await (const chunk of req) exported.push(chunk as Buffer);
      res.end();
    })();
  });
  const [appUrl, collectorUrl] = await Promise.all([listening(app), listening(collector)]);
  // The stack brings the sandbox; the server under test has a log of its own.
  stack = await startStack(overlay({ tracing: { local: { enabled: false } } }));
  await stack.admin("apps/retention-agent", { url: appUrl });
  const { logger, redact } = createLogger({
    level: "trace",
    pretty: false,
    destination: { write: (line: string) => void (lines += line) },
  });
  const tracing = {
    capture: "full",
    redact: ["PLANT-[A-Z0-9]+"],
    otlp: { url: `${collectorUrl}/v1/traces` },
  };
  running = await start({
    env: {
      SANDBOX_URL: stack.sandbox.url,
      ORCHESTRATOR_DB: join(stack.folder, "secrets.db"),
      ...overlay({ tracing }),
    },
    cwd: process.cwd(),
    logger,
    port: 0,
    onConfig: (config) => redact(config.tracing.redact),
  });
});
afterAll(async () => {
  await stack.close();
  for (const server of [app, collector]) server.close();
});

async function ask(): Promise<string> {
  const reply = await fetch(`${running.url}/responses`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-request-id": SECRETS.requestId,
      "x-api-key": SECRETS.header,
      tracestate: `vendor=${SECRETS.header}`,
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    },
    body: JSON.stringify({
      input: `@retention_agent Use ${SECRETS.question} and ${SECRETS.pattern} for Ploverstead Media`,
    }),
  });
  return reply.text();
}

it("leave no byte in traces, logs, checkpoint metadata and metrics", async () => {
  expect(await ask()).toContain(SECRETS.answerPattern);
  failing = true;
  await ask();
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  await running.close();
  const database = openSqlite(join(stack.folder, "secrets.db"));
  const table = (sql: string) => JSON.stringify(database.prepare(sql).all());
  const places: Record<string, string> = {
    "exported spans": Buffer.concat(exported).toString("latin1"),
    log: lines,
    metrics,
    traces: table("SELECT * FROM traces"),
    spans: table("SELECT * FROM trace_pieces"),
    "checkpoint metadata": table("SELECT CAST(metadata AS TEXT) AS metadata FROM checkpoints"),
  };
  database.close();
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, `${place} holds something`).toBeGreaterThan(100);
    for (const [name, secret] of Object.entries(SECRETS)) {
      for (const form of formsOf(secret)) {
        expect(text.includes(form), `the secret of the ${name} in ${place}`).toBe(false);
      }
    }
  }
  // What is searched is what matters: the redacted content is there.
  expect(places["exported spans"]).toContain("The token is [redacted]");
  expect(places["spans"]).toContain("[redacted]");
  expect(lines).toContain('"msg":"request"');
  expect(lines).toContain('"msg":"step failed"');
});
