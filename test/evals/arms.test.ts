/** The arms' plans, how an answer is judged alike for all, and the verdict per shape. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { armsTables, readArmsReport } from "../../evals/arms/arms-report.ts";
import { armsTable, verdictTable } from "../../evals/arms/arms-text.ts";
import { fanOutPlan, oraclePlan } from "../../evals/arms/given-plans.ts";
import { measureCase } from "../../evals/arms/measure-case.ts";
import { verdicts, type Measured } from "../../evals/arms/verdict.ts";
import { Case } from "../../evals/case.ts";
import { pairedBootstrap } from "../../evals/stats/paired-bootstrap.ts";
import { ResponseOnWire } from "../../evals/wire.ts";
import type { Plan } from "../../routing/plan.ts";

const question = (expected: object) =>
  Case.parse({
    id: "q-1",
    cluster: "q",
    split: "dev",
    category: "any",
    input: "Which, and what then?",
    expect: { kind: "plan", backends: ["a", "b"], shape: "sequence", edges: [["b", "a"]], ...expected },
    source: { kind: "synthetic" },
  });
const steps = (plan: Plan) => plan.steps.map(({ id, backend, depends_on }) => [id, backend, depends_on]);

describe("given plans", () => {
  it("ask everybody, or follow the label", () => {
    expect(steps(fanOutPlan(question({}), ["a", "b", "c"]))).toEqual([
      ["s1", "a", []],
      ["s2", "b", []],
      ["s3", "c", []],
    ]);
    expect(steps(oraclePlan(question({})))).toEqual([
      ["s1", "b", []],
      ["s2", "a", ["s1"]],
    ]);
    expect(oraclePlan(question({ kind: "refuse", backends: [], edges: [] })).kind).toBe("refuse");
  });
});

describe("measureCase", () => {
  const answer = (calls: [string, string][]) => ({
    id: "q-1",
    response: ResponseOnWire.parse({
      id: "r",
      status: "completed",
      custom_outputs: { backend_calls: calls.map(([backend, status]) => ({ step: "s1", backend, status })) },
    }),
    text: "",
    error: null,
    latency_ms: 5,
  });

  it("wants every right source to have answered", () => {
    expect(measureCase(question({}), answer([["a", "ok"], ["b", "ok"]]), [])).toMatchObject({ quality: 1, clean: 1, calls: 2 }); // prettier-ignore
    expect(measureCase(question({}), answer([["a", "ok"], ["b", "failed"]]), []).quality).toBe(0); // prettier-ignore
  });

  it("wants no source quoted where none answers", () => {
    const refused = question({ kind: "refuse", backends: [], edges: [], shape: undefined });
    expect(measureCase(refused, answer([]), [])).toMatchObject({ quality: 1, shape: "unanswerable" });
    expect(measureCase(refused, answer([["a", "ok"]]), []).quality).toBe(0);
  });
});

describe("verdicts", () => {
  const run = (n: number, quality: (i: number) => number, calls: number, shape = "single"): Measured[] =>
    Array.from({ length: n }, (_, i) => ({
      id: `${shape}-${i}`,
      cluster: `${shape}-${i}`,
      shape,
      quality: quality(i),
      clean: 1,
      calls,
      tokens: 0,
      usd: null,
      latency_ms: 1,
    }));
  const verdict = (ours: Measured[], theirs: Measured[]) => verdicts(ours, theirs)[0]?.verdict;

  it("are better or worse where the whole interval says so", () => {
    const [all, half] = [run(100, () => 1, 1), run(100, (i) => i % 2, 1)];
    expect([verdict(all, half), verdict(half, all)]).toEqual(["better", "worse"]);
  });

  it("are cheaper at no loss only where a loss would have been seen", () => {
    expect(
      verdict(
        run(100, () => 1, 1),
        run(100, () => 1, 4),
      ),
    ).toBe("cheaper at no loss");
    expect(
      verdict(
        run(10, () => 1, 1),
        run(10, () => 1, 4),
      ),
    ).toBe("not shown");
    expect(
      verdict(
        run(100, () => 1, 4),
        run(100, () => 1, 4),
      ),
    ).toBe("not shown");
  });

  it("stand for each shape alone, with what could have been seen", () => {
    const ours = [...run(40, () => 1, 1), ...run(30, () => 0, 2, "parallel")];
    const theirs = [...run(40, () => 0, 4), ...run(30, () => 0, 4, "parallel")];
    const found = verdicts(ours, theirs);
    expect(found.map(({ shape, cases }) => [shape, cases])).toEqual([
      ["single", 40],
      ["parallel", 30],
    ]);
    expect(found[1]?.detectable).toBe(0.1);
    expect(verdictTable("fan-out", found).split("\n")[2]).toBe(
      "| single | 40 | 100.0 %, 0.0 % | +100.0 (+100.0 to +100.0) | 1.00, 4.00 | 7.5 | better |",
    );
    expect(armsTable([{ name: "graph", what: "ours", measured: ours }]).split("\n")[2]).toBe(
      "| graph | ours | 70 | 57.1 % | 100.0 % | 1.43 | 0 | unknown | 1, 1 |",
    );
  });
});

describe("the page for whoever decides", () => {
  it("shows the tables of the committed report", () => {
    const page = readFileSync("docs/should-you-go-multi-agent.md", "utf8");
    const plain = (text: string) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
    for (const table of armsTables(readArmsReport())) expect(plain(page)).toContain(plain(table));
  });

  it("claims for questions of several steps what the report holds", () => {
    const [ours, everybody] = ["graph", "fan-out"].map((name) =>
      readArmsReport()
        .arms.find((arm) => arm.name === name)!
        .measured.filter(({ shape }) => shape !== "single" && shape !== "unanswerable"),
    );
    const pairs = ours!.map(({ id, cluster, quality }) => ({
      cluster,
      before: everybody!.find((other) => other.id === id)!.quality,
      after: quality,
    }));
    const [mean, low, high] = Object.values(pairedBootstrap(pairs)).map((share) =>
      (share * 100).toFixed(1).replace(/^(?!-)/u, "+"),
    );
    const page = readFileSync("docs/should-you-go-multi-agent.md", "utf8");
    expect(page).toContain(`${mean} points (${low} to ${high}) on ${pairs.length} questions`);
  });
});
