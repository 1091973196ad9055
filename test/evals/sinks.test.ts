/** A finished run as other tools get it: LangSmith's own client against a recording loopback. A real MLflow: test/tracing. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { push, pushOptions } from "../../evals/sinks/push-command.ts";
import { readSentRun } from "../../evals/sinks/sent-run.ts";
import { writeRun } from "./written-run.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "sinks-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("A finished run", () => {
  it("holds totals, and each case with its scores; a judge's error is no score", () => {
    writeRun(folder, ["tr-1", null]);
    const run = readSentRun(folder);
    expect(run.metrics).toEqual({
      "dev.cases": 2,
      "dev.routing": 0.5,
      "dev.plan": 1,
      "dev.citations": 1,
      "heldout.cases": 0,
      "heldout.routing": 0.5,
      "heldout.plan": 1,
      "heldout.citations": 1,
      "all.cases": 2,
      "all.routing": 0.5,
      "all.plan": 1,
      "all.citations": 1,
    });
    expect(run.cases[0]!.scores.map(({ name, value }) => [name, value])).toEqual([
      ["routing", true],
      ["plan", true],
      ["numbers", true],
      ["judge_relevance", true],
    ]);
    expect(run.cases[1]).toMatchObject({ error: "Broken.", trace_id: null });
  });

  it("is asked for where there is none, or no destination", async () => {
    expect(() => readSentRun(tmpdir())).toThrow(/holds no report\.json/);
    expect(() => pushOptions([folder])).toThrow(
      "push needs --mlflow <address or databricks>, or --langsmith",
    );
    writeRun(folder, []);
    await expect(push({}, process.cwd(), pushOptions([folder, "--langsmith", "d"]))).rejects.toThrow("LANGSMITH_API_KEY"); // prettier-ignore
  });
});

describe("LangSmith", () => {
  let server: Server;
  let calls: { method: string; path: string; body: Record<string, unknown> }[] = [];
  let examples: { id: string }[] = [];
  const dataset = { id: "0b0b0b0b-0000-4000-8000-00000000000d", name: "questions" };
  const project = { id: "0b0b0b0b-0000-4000-8000-00000000000e", name: "p" };

  async function answer(req: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { pathname } = new URL(req.url ?? "", "http://x");
    const body = text.startsWith("{") || text.startsWith("[") ? (JSON.parse(text) as Record<string, unknown>) : { raw: text }; // prettier-ignore
    calls.push({ method: req.method ?? "", path: pathname, body });
    if (pathname === "/info")
      return {
        version: "0",
        batch_ingest_config: { use_multipart_endpoint: false },
        instance_flags: { dataset_examples_multipart_enabled: true },
      };
    if (pathname === "/datasets" && req.method === "GET") return [];
    if (pathname === "/datasets") return dataset;
    if (pathname === "/sessions") return project;
    if (pathname === "/examples" && req.method === "GET") return examples;
    if (pathname.endsWith("/examples"))
      return { example_ids: text.match(/(?<=name=")[0-9a-f-]{36}(?=")/g) ?? [] };
    return {};
  }

  beforeAll(async () => {
    server = createServer((req, res) => {
      void answer(req).then((body) =>
        res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body)),
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    calls = [];
    examples = [];
  });

  const send = () => {
    const env = { LANGSMITH_API_KEY: "k", LANGSMITH_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }; // prettier-ignore
    return push(env, process.cwd(), pushOptions([folder, "--langsmith", "questions"]));
  };
  const SentRun = z.looseObject({ name: z.string(), reference_example_id: z.string() });
  const runs = () =>
    calls.filter(({ body }) => body.run_type === "chain").map(({ body }) => SentRun.parse(body));

  it("gets a dataset, an experiment over it with a run per question, and the scores as feedback", async () => {
    writeRun(folder, []);
    expect(await send()).toMatch(/experiment questions-2026-11-21T00-00-00-000Z over questions: 2 new examples, 2 runs, 6 scores\./); // prettier-ignore
    const session = calls.find(({ path: at, method }) => at === "/sessions" && method === "POST")!;
    expect(session.body).toMatchObject({
      name: "questions-2026-11-21T00-00-00-000Z",
      reference_dataset_id: dataset.id,
    });
    expect(runs()).toMatchObject([
      { name: "a", inputs: { messages: ["MRR?"] }, outputs: { answer: "42.5" } },
      { name: "b", error: "Broken." },
    ]);
    const feedback = calls.filter(({ path: at }) => at === "/feedback").map(({ body }) => body);
    expect(feedback.map(({ key, score }) => [key, score])).toEqual([
      ["routing", true],
      ["plan", true],
      ["numbers", true],
      ["judge_relevance", true],
      ["routing", false],
      ["plan", true],
    ]);
    expect(feedback[3]).toMatchObject({ comment: "It is.", feedback_source: { type: "model" } });
  });

  it("gets each question once, however many runs there are", async () => {
    writeRun(folder, []);
    await send();
    const first = runs();
    examples = first.map(({ reference_example_id }) => ({ id: reference_example_id }));
    expect(await send()).toContain(": 0 new examples, 2 runs");
  });
});
