import { createServer, type Server } from "node:http";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Case } from "../../evals/case.ts";
import { LIVE_FLOORS, missedFloors, reached } from "../../evals/gate.ts";
import { createProgressBar } from "../../evals/progress-bar.ts";
import { markdownReport } from "../../evals/report/markdown.ts";
import { writeReport } from "../../evals/report/write-report.ts";
import { runSuite } from "../../evals/run-suite.ts";

const QUESTIONS = [
  { id: "a-1", cluster: "a", split: "dev", category: "single", input: "MRR?", expect: { kind: "plan", backends: ["genie"], edges: [], numbers: [{ name: "mrr", sql: "SELECT 1" }] } },
  { id: "b-1", cluster: "b", split: "heldout", category: "follow-up", messages: [{ role: "user", content: "MRR?" }, { role: "user", content: "and in secret?" }], expect: { kind: "plan", backends: ["policy"], edges: [] } },
  { id: "c-1", cluster: "c", split: "dev", category: "single", input: "break", expect: { kind: "refuse", backends: [], edges: [], refuse: true } },
].map((c) => Case.parse({ ...c, source: { kind: "human" } })); // prettier-ignore

const HEAD = {
  time: "2026-11-21T00:00:00.000Z",
  dataset: "test",
  revision: "abc",
  node: "v20",
  concurrency: 2,
};

let server: Server;
let url: string;
let folder: string;
const asked: { input: string; thread: string }[] = [];

beforeAll(async () => {
  server = createServer((req, res) => {
    let text = "";
    req.on("data", (chunk: Buffer) => (text += chunk.toString()));
    req.on("end", () => {
      res.setHeader("content-type", "application/json");
      const body = JSON.parse(text) as { input: string; custom_inputs?: { thread_id: string } };
      if (req.url === "/_admin/sql") {
        return res.end(
          JSON.stringify({ columns: [{ name: "mrr", type_name: "DECIMAL" }], rows: [["42.5"]] }),
        );
      }
      asked.push({ input: body.input, thread: body.custom_inputs?.thread_id ?? "" });
      if (body.input === "break")
        return res.writeHead(500).end(JSON.stringify({ error: { message: "Broken." } }));
      const call = { step: "s1", backend: "genie", status: "ok", evidence: [{ id: "s1.e1" }] };
      const outputs = {
        plan: { kind: "plan", steps: [{ id: "s1", backend: "genie", depends_on: [] }] },
        backend_calls: [call],
        citations: [{ n: 1, evidence: "s1.e1", url: "" }],
      };
      const message = { type: "message", content: [{ type: "output_text", text: "The MRR is 42.5 [1]." }] };
      return res.end(
        JSON.stringify({ id: "resp_1", status: "completed", output: [message], custom_outputs: outputs }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(path.join(tmpdir(), "evals-test-"));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(kept: string) {
  const progress = createProgressBar(QUESTIONS.length, { write: () => true }, () => 0);
  const system = { serverUrl: url, sandboxUrl: url, close: async () => {} };
  return runSuite(QUESTIONS, { system, kept, concurrency: 2, timeout_ms: 5_000, progress });
}

describe("a run", () => {
  it("asks every turn of a conversation in one thread and scores the last one", async () => {
    const scored = await run(path.join(folder, "first.jsonl"));
    const turns = asked.filter(
      ({ thread }) => thread === asked.find(({ input }) => input === "and in secret?")?.thread,
    );
    expect(turns.map(({ input }) => input)).toEqual(["MRR?", "and in secret?"]);
    expect(scored.map(({ route }) => route.correct)).toEqual([true, false, false]);
    expect(scored[0]?.numbers).toEqual({ correct: true, values: 1, found: 1, missing: [] });
    expect(scored[0]?.citations?.valid).toBe(true);
    expect(scored[2]?.outcome.error).toContain("Broken.");
  });

  it("does not ask again what a broken run has already asked", async () => {
    const kept = path.join(folder, "second.jsonl");
    await run(kept);
    const before = asked.length;
    const again = await run(kept);
    expect(asked).toHaveLength(before);
    expect(again.map(({ question }) => question.id)).toEqual(["a-1", "b-1", "c-1"]);
  });

  it("reports both splits but lists no held-out failure", async () => {
    const scored = await run(path.join(folder, "third.jsonl"));
    const report = markdownReport(HEAD, scored, false);
    expect(report).toContain("| routing: exactly the right backends or reply | 50.0 % (1/2;");
    expect(report).toContain("`c-1` break");
    expect(report).not.toContain("and in secret?");
    expect(markdownReport(HEAD, scored, true)).toContain("and in secret?");
  });

  it("writes Markdown, JSON, JUnit, one whole page and charts", async () => {
    writeReport(folder, HEAD, await run(path.join(folder, "third.jsonl")), false);
    const page = readFileSync(path.join(folder, "report.html"), "utf8");
    expect(page.match(/<svg /g)).toHaveLength(5);
    expect(page).toContain("<td>T1 local</td>");
    expect(page).not.toMatch(/(src|href)=/);
    expect(page).not.toContain("and in secret?");
    const junit = readFileSync(path.join(folder, "junit.xml"), "utf8");
    expect(junit).toContain('<testsuite name="dev" tests="2" failures="1"');
    expect(junit).toContain('name="c-1"');
    expect(junit).toContain("error: {&quot;error&quot;:{&quot;message&quot;:&quot;Broken.&quot;}}");
    expect(junit).toContain('name="b-1" time=');
    expect(junit).toContain("This case is held out; what is wrong is not told.");
    for (const name of ["confusion.svg", "accuracy.svg", "latency.svg", "risk-coverage.svg", "cost.svg"]) {
      expect(readFileSync(path.join(folder, name), "utf8")).toMatch(/^<svg [^]*<\/svg>\n$/);
    }
    const json = JSON.parse(readFileSync(path.join(folder, "report.json"), "utf8")) as {
      cases: { id: string }[];
    };
    expect(json.cases.map(({ id }) => id)).toEqual(["a-1", "b-1", "c-1"]);
    expect(existsSync(path.join(folder, "report.md"))).toBe(true);
  });

  it("fails the gate below 90 % routing or 80 % plans, split by split, and where nothing was scored", async () => {
    const scored = await run(path.join(folder, "third.jsonl"));
    const missed = (part: typeof scored) =>
      missedFloors(reached(part, { dev: LIVE_FLOORS, heldout: LIVE_FLOORS }));
    expect(missed(scored)).toEqual([
      "Routing reached 50.0 % (1 of 2) in dev; the floor is 90 %.",
      "Plans reached 50.0 % (1 of 2) in dev; the floor is 80 %.",
      "Routing reached 0.0 % (0 of 1) in heldout; the floor is 90 %.",
      "Plans reached 0.0 % (0 of 1) in heldout; the floor is 80 %.",
    ]);
    expect(missed(scored.slice(0, 1))).toEqual([
      "Routing: nothing was scored in heldout; the floor is 90 %.",
      "Plans: nothing was scored in heldout; the floor is 80 %.",
    ]);
  });
});
