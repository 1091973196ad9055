import { describe, expect, it } from "vitest";
import { Case, type Expectation } from "../../evals/case.ts";
import { scoreCitations } from "../../evals/scorers/citations.ts";
import { scoreNumbers } from "../../evals/scorers/numbers.ts";
import { scorePlan } from "../../evals/scorers/plan.ts";
import { scoreSubQuestions } from "../../evals/scorers/sub-questions.ts";
import { routeOf, scoreRoute } from "../../evals/scorers/route.ts";
import { ResponseOnWire } from "../../evals/wire.ts";

function expectation(fields: object): Expectation {
  const base = { id: "x", cluster: "x", split: "dev", category: "x", input: "?", source: { kind: "human" } };
  return Case.parse({ ...base, expect: { kind: "plan", backends: [], edges: [], ...fields } }).expect;
}

/** `steps`: id to backend and the steps it depends on. */
function response(kind: string, steps: Record<string, [string, ...string[]]> = {}, more: object = {}) {
  const plan = {
    kind,
    steps: Object.entries(steps).map(([id, [backend, ...depends_on]]) => ({ id, backend, depends_on })),
  };
  return ResponseOnWire.parse({ id: "r", status: "completed", custom_outputs: { plan, ...more } });
}

describe("routes", () => {
  it("are right only with exactly the expected backends", () => {
    const wanted = expectation({ backends: ["a", "b"] });
    const score = (steps: Record<string, [string]>) => scoreRoute(wanted, routeOf(response("plan", steps)));
    expect(score({ s1: ["b"], s2: ["a"], s3: ["a"] }).correct).toBe(true);
    expect(score({ s1: ["a"] })).toMatchObject({
      correct: false,
      missed: ["b"],
      actual: "a",
      expected: "several",
    });
    expect(score({ s1: ["a"], s2: ["b"], s3: ["c"] })).toMatchObject({ correct: false, extra: ["c"] });
  });

  it("count a question back by a backend as asking back", () => {
    const asked = response(
      "plan",
      { s1: ["a"] },
      { backend_calls: [{ step: "s1", backend: "a", status: "clarify" }] },
    );
    const wanted = expectation({ kind: "clarify", clarify: true });
    expect(scoreRoute(wanted, routeOf(asked))).toMatchObject({ correct: true, actual: "clarify" });
  });

  it("tell a decline from an answer without backends", () => {
    const wanted = expectation({ kind: "refuse", refuse: true });
    expect(scoreRoute(wanted, routeOf(response("refuse"))).correct).toBe(true);
    expect(scoreRoute(wanted, routeOf(response("direct"))).correct).toBe(false);
    expect(scoreRoute(wanted, routeOf(null))).toMatchObject({ correct: false, actual: "none" });
  });
});

describe("plans", () => {
  const chain = expectation({ backends: ["a", "b", "c"], edges: [["a", "b"], ["b", "c"]], optional_edges: [] }); // prettier-ignore

  it("are exact when every needed order is kept", () => {
    expect(scorePlan(chain, response("plan", { s1: ["a"], s2: ["b", "s1"], s3: ["c", "s2"] }))).toEqual({
      exact: true,
      node_f1: 1,
      edge_f1: 1,
    });
  });

  it("take an order that follows from others for kept", () => {
    const spelt = response("plan", { s1: ["a"], s2: ["b", "s1"], s3: ["c", "s1", "s2"] });
    expect(scorePlan(chain, spelt).exact).toBe(true);
  });

  it("are not exact when steps that depend on each other run side by side", () => {
    const score = scorePlan(chain, response("plan", { s1: ["a"], s2: ["b"], s3: ["c"] }));
    expect(score).toEqual({ exact: false, node_f1: 1, edge_f1: 0 });
  });

  it("are not exact when independent steps wait for each other", () => {
    const parallel = expectation({ backends: ["a", "b"] });
    expect(scorePlan(parallel, response("plan", { s1: ["a"], s2: ["b", "s1"] })).exact).toBe(false);
  });

  it("may keep optional orders or not", () => {
    const free = expectation({ backends: ["a", "b", "c"], edges: [["a", "c"]], optional_edges: [["b", "c"]] }); // prettier-ignore
    expect(scorePlan(free, response("plan", { s1: ["a"], s2: ["b"], s3: ["c", "s1"] })).exact).toBe(true);
    expect(scorePlan(free, response("plan", { s1: ["a"], s2: ["b"], s3: ["c", "s1", "s2"] })).exact).toBe(
      true,
    );
    expect(scorePlan(free, response("plan", { s1: ["a"], s2: ["b", "s1"], s3: ["c", "s2"] })).exact).toBe(
      false,
    );
  });

  it("count two questions to one backend as that backend", () => {
    const single = expectation({ backends: ["a"] });
    expect(scorePlan(single, response("plan", { s1: ["a"], s2: ["a", "s1"] })).exact).toBe(true);
  });

  it("give half the node F1 for one of three backends", () => {
    expect(scorePlan(chain, response("plan", { s1: ["a"] })).node_f1).toBe(0.5);
  });
});

describe("numbers", () => {
  const table = (columns: string[], rows: (string | null)[][]) => ({
    kind: "table" as const,
    title: "t",
    columns: columns.map((name) => ({ name, type: "STRING" })),
    rows,
    row_count: rows.length,
    truncated: false,
  });
  const byRegion = { name: "mrr", table: table(["region", "mrr"], [["EMEA", "1200.50"], ["APAC", "800"]]) }; // prettier-ignore

  it("are right when every value stands with its own name, at the stated decimals", () => {
    expect(scoreNumbers("EMEA brings in $1,200 and APAC $800.", [byRegion])).toEqual({
      correct: true,
      values: 4,
      found: 4,
      missing: [],
    });
    expect(
      scoreNumbers("| region | revenue |\n|---|---|\n| EMEA | 1.2k |\n| APAC | 0.8k |", [byRegion]).correct,
    ).toBe(true);
  });

  it("are wrong when rows are swapped, missing or changed", () => {
    expect(scoreNumbers("EMEA brings in $800 and APAC $1,200.", [byRegion])).toMatchObject({
      correct: false,
      found: 2,
    });
    expect(scoreNumbers("EMEA brings in $1,200.", [byRegion]).missing).toEqual([
      "mrr: APAC 800",
      "mrr: APAC",
    ]);
    expect(scoreNumbers("EMEA brings in $1,202 and APAC $800.", [byRegion]).missing).toEqual([
      "mrr: EMEA 1200.5",
    ]);
  });

  it("read a share as percent, and months by any of their names", () => {
    const share = { name: "p", table: table(["probability"], [["0.0384"]]) };
    expect(scoreNumbers("On average 3.8 %.", [share]).correct).toBe(true);
    const months = { name: "m", table: table(["month", "n"], [["2026-08-01", "12"], ["2026-09-01", "9"]]) }; // prettier-ignore
    expect(scoreNumbers("August 2026 saw 12, September 2026 only 9.", [months]).correct).toBe(true);
    expect(scoreNumbers("August 2026 saw 9, September 2026 only 12.", [months]).correct).toBe(false);
  });
});

describe("citations", () => {
  const call = { step: "s1", backend: "a", status: "ok", evidence: [{ id: "s1.e1" }] };
  const score = (text: string, citations: object[]) =>
    scoreCitations({
      id: "x",
      response: response("plan", { s1: ["a"] }, { backend_calls: [call], citations }),
      text,
      error: null,
      latency_ms: 1,
    });
  const cited = [{ n: 1, evidence: "s1.e1", url: "https://x.test/a" }];

  it("are valid when every marker leads to evidence of this answer", () => {
    expect(score("Refunds take ten days [1].", cited)).toMatchObject({
      valid: true,
      dangling: 0,
      coverage: 1,
    });
  });

  it("are invalid when a marker dangles, nothing is cited, or an address is no web address", () => {
    expect(score("Refunds take ten days [1][2].", cited)?.valid).toBe(false);
    expect(score("Refunds take ten days.", [])).toMatchObject({ valid: false, uncited_backends: ["a"] });
    expect(score("Refunds [1].", [{ n: 1, evidence: "s1.e1", url: "javascript:x" }])?.valid).toBe(false);
  });

  it("are not counted where no backend gave evidence", () => {
    const outcome = { id: "x", response: response("direct"), text: "Hello", error: null, latency_ms: 1 };
    expect(scoreCitations(outcome)).toBeNull();
  });
});

describe("sub-questions", () => {
  const wanted = expectation({ backends: ["a", "b"], terms: { a: ["italy", "risk"], b: ["MRR"] } });
  const asking = (...steps: [string, string][]) =>
    ResponseOnWire.parse({
      id: "r",
      status: "completed",
      custom_outputs: {
        plan: {
          kind: "plan",
          steps: steps.map(([backend, question], i) => ({ id: `s${i + 1}`, backend, question })),
        },
      },
    });

  it("hold the key terms of their part, whatever the case of letters", () => {
    const score = scoreSubQuestions(wanted, asking(["a", "Who is at risk in Italy?"], ["b", "mrr of them"]));
    expect(score).toEqual({ count: true, terms: true, missing: [] });
  });

  it("miss a term that another backend was asked for", () => {
    const score = scoreSubQuestions(wanted, asking(["a", "Who is at risk?"], ["b", "MRR in Italy"]));
    expect(score).toEqual({ count: true, terms: false, missing: ["a: italy"] });
  });

  it("are too many where one backend is asked twice, unless the case says so", () => {
    const twice = asking(["a", "risk in Italy"], ["b", "MRR"], ["b", "ARR"]);
    expect(scoreSubQuestions(wanted, twice)?.count).toBe(false);
    expect(scoreSubQuestions({ ...wanted, steps: 3 }, twice)?.count).toBe(true);
  });

  it("are not scored where no backend is to be asked, or none was", () => {
    expect(scoreSubQuestions(expectation({ kind: "refuse" }), asking(["a", "x"]))).toBeNull();
    expect(scoreSubQuestions(wanted, response("refuse"))).toBeNull();
  });
});
