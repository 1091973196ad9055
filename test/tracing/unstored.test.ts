/** A request with `store: false`: what is left of it, searched for in the bytes of every table and every export. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openSqlite } from "../../store/sqlite.ts";
import { startStack, type Stack } from "../e2e/stack.ts";
import { overlay } from "./overlay.ts";
import { decodeExport } from "./otlp-decoder.ts";

/** Of the question, and of the answer of the playbook. */
const QUESTION = "What does the retention playbook say about low usage at Quorndale?";
const CONTENT = ["Quorndale", "playbook say", "low usage"];

let collector: Server;
let url: string;
let stack: Stack;
const exported: Buffer[] = [];
beforeAll(async () => {
  collector = createServer((req, res) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk as Buffer);
      exported.push(Buffer.concat(chunks));
      res.writeHead(200, { "content-type": "application/json" });
      res.end(
        req.url === "/info" ? '{"version":"0","batch_ingest_config":{"use_multipart_endpoint":false}}' : "{}",
      );
    })();
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterEach(() => {
  exported.length = 0;
});
afterAll(() => {
  collector.closeAllConnections();
  collector.close();
});

/** Asks without keeping anything; everything that is written or sent of it, as text by place. */
async function remains(tracing: object): Promise<{ answer: string; places: Record<string, string> }> {
  const config = overlay({ tracing: { ...tracing, langsmith: true, otlp: { url: `${url}/v1/traces` } } });
  stack = await startStack({ ...config, LANGSMITH_ENDPOINT: url, LANGSMITH_API_KEY: "test-key" });
  const { body } = await stack.ask({ input: `@policy_assistant ${QUESTION}`, store: false });
  await stack.running.close();
  const database = openSqlite(join(stack.folder, "orchestrator.db"));
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const places = Object.fromEntries(
    tables.map(({ name }) => {
      const rows = database.prepare(`SELECT * FROM ${String(name)}`).all();
      return [
        String(name),
        rows
          .flatMap((row) => Object.values(row))
          .map(textOf)
          .join("\n"),
      ];
    }),
  );
  database.close();
  places["exports"] = exported.map((bytes) => bytes.toString("latin1")).join("\n");
  return { answer: JSON.stringify(body), places };
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value);
}

it("keeps spans without content, here, at the collector and at LangSmith", async () => {
  const { answer, places } = await remains({ capture: "full" });
  expect(answer).toContain("low usage");
  for (const [place, text] of Object.entries(places)) {
    for (const content of CONTENT) expect(text.includes(content), `"${content}" in ${place}`).toBe(false);
  }
  // What is searched is what was written.
  expect(places["trace_pieces"]).toContain("execute_tool policy_assistant");
  expect(places["exports"]).toContain('"langgraph_node":"policy_assistant"');
  const spans = exported.filter((bytes) => bytes[0] === 0x0a).flatMap((bytes) => decodeExport(bytes).spans);
  expect(spans.map((span) => span.name)).toContain("execute_tool policy_assistant");
  await stack.close();
});

it("keeps content where the configuration says so", async () => {
  const { places } = await remains({ capture: "off", capture_unstored: "full" });
  for (const place of ["trace_pieces", "exports"]) {
    for (const content of CONTENT) expect(places[place]).toContain(content);
  }
  await stack.close();
});
