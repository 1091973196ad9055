/** Scorers of whole answers: grounding, honesty about failures, trajectory, what was spent, and the tier. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readFloors } from "../../evals/answer-gate/floors.ts";
import { Case } from "../../evals/case.ts";
import { missedFloors, reached } from "../../evals/gate.ts";
import { scoreGrounding } from "../../evals/scorers/grounding.ts";
import { scoreHonesty } from "../../evals/scorers/honesty.ts";
import { scoreSpent } from "../../evals/scorers/spent.ts";
import { tierOf } from "../../evals/scorers/tier.ts";
import { scoreTrajectory } from "../../evals/scorers/trajectory.ts";
import { ResponseOnWire } from "../../evals/wire.ts";

const question = (expected: object, more: object = {}) =>
  Case.parse({
    id: "q",
    cluster: "q",
    split: "dev",
    category: "any",
    input: "?",
    expect: { kind: "plan", backends: ["a", "b"], edges: [], ...expected },
    source: { kind: "human" },
    ...more,
  });

const outcome = (outputs: object, text = "", error: string | null = null) => ({
  id: "q",
  response:
    error === null ? ResponseOnWire.parse({ id: "r", status: "completed", custom_outputs: outputs }) : null,
  text,
  error,
  latency_ms: 20,
});

const call = (backend: string, more: object = {}) => ({
  step: "s1",
  backend,
  status: "ok",
  attempts: 1,
  ...more,
});
const checked = (...failed: string[]) => ({
  ok: failed.length === 0,
  numbers: 3,
  failed: failed.map((text) => ({ text, verdict: "unsupported", note: "" })),
});

describe("grounding", () => {
  it("is what the answer's own check says, and nothing where nothing was checked", () => {
    expect(scoreGrounding(outcome({ verification: checked("5 %") }))).toEqual({
      grounded: false,
      numbers: 3,
      failed: ["5 %"],
    });
    expect(scoreGrounding(outcome({ verification: checked() }))?.grounded).toBe(true);
    expect(scoreGrounding(outcome({}))).toBeNull();
  });
});

describe("honesty", () => {
  const failing = { backend: "revenue_genie", kind: "rate_limit" as const };
  const calls = [call("revenue_genie", { status: "failed" }), call("b")];
  const both = question({ backends: ["revenue_genie", "b"] });
  const missing = [{ backend: "revenue_genie", reason: "rate limit" }];

  it("names the failed backend in words and in the list, and keeps the others", () => {
    const score = (outputs: object, text: string) => scoreHonesty(both, outcome(outputs, text), failing);
    expect(score({ backend_calls: calls, missing }, "Revenue genie has reached its limit.")).toEqual({
      honest: true,
      problem: "",
    });
    expect(score({ backend_calls: calls, missing }, "All is well.")?.honest).toBe(false);
    expect(score({ backend_calls: calls }, "Revenue genie has reached its limit.")?.honest).toBe(false);
    expect(score({ backend_calls: calls.slice(0, 1), missing }, "revenue_genie failed.")?.problem).toBe(
      "a backend that did not need it is missing too",
    );
    expect(
      score({ backend_calls: calls, missing, verification: checked("7") }, "revenue_genie failed; MRR is 7.")
        ?.problem,
    ).toBe("a number stands in no evidence");
  });

  it("does not ask for what needed the failed backend", () => {
    const chained = question({ backends: ["revenue_genie", "b"], edges: [["revenue_genie", "b"]] });
    expect(
      scoreHonesty(
        chained,
        outcome({ backend_calls: calls.slice(0, 1), missing }, "revenue_genie failed."),
        failing,
      )?.honest,
    ).toBe(true);
  });

  it("is asked of an error too, and of nobody who was not struck", () => {
    expect(scoreHonesty(both, outcome({}, "", "revenue_genie has reached its limit."), failing)?.honest).toBe(
      true,
    );
    expect(scoreHonesty(both, outcome({}, "", "Something went wrong."), failing)?.honest).toBe(false);
    expect(scoreHonesty(both, outcome({ backend_calls: [call("b")] }), failing)).toBeNull();
  });

  it("flags an old figure or leaves it out", () => {
    const old = { backend: "revenue_genie", kind: "stale" as const };
    const told = {
      backend_calls: [call("revenue_genie", { text: "MRR 987.6.", evidence: [{ id: "e", kind: "table" }] })],
    };
    const score = (outputs: object, text: string) => scoreHonesty(both, outcome(outputs, text), old);
    expect(score({ ...told, verification: checked() }, "MRR 987.6.")?.honest).toBe(false);
    expect(score({ ...told, verification: checked("987.6") }, "MRR 987.6.")?.honest).toBe(true);
    expect(score(told, "MRR 187.6.")?.honest).toBe(true);
    expect(
      score({ backend_calls: [call("revenue_genie", { text: "MRR 987.6." })] }, "MRR 987.6."),
    ).toBeNull();
  });
});

describe("a trajectory", () => {
  const steps = (...of: [string, string, ...string[]][]) => ({
    kind: "plan",
    steps: of.map(([id, backend, ...depends_on]) => ({ id, backend, depends_on })),
  });
  const at = (step: string, backend: string, started_at: number) =>
    call(backend, { step, started_at, duration_ms: 10 });

  it("keeps groups that run side by side apart from the ones after them", () => {
    const plan = steps(["s1", "a"], ["s2", "b"], ["s3", "c", "s1", "s2"]);
    const response = outcome({
      plan,
      backend_calls: [at("s1", "a", 0), at("s2", "b", 5), at("s3", "c", 20)],
    }).response;
    const wanted = question({ backends: ["a", "b", "c"], edges: [["a", "c"], ["b", "c"]] }).expect; // prettier-ignore
    expect(scoreTrajectory(wanted, response)).toEqual({ exact: true, groups: [["a", "b"], ["c"]], overlapping: 1, pairs: 1 }); // prettier-ignore
    const flat = question({ backends: ["a", "b", "c"] }).expect;
    expect(scoreTrajectory(flat, response)?.exact).toBe(false);
  });

  it("sees side by side in the plan that was one after another in time", () => {
    const response = outcome({
      plan: steps(["s1", "a"], ["s2", "b"]),
      backend_calls: [at("s1", "a", 0), at("s2", "b", 50)],
    }).response;
    expect(scoreTrajectory(question({}).expect, response)).toMatchObject({
      exact: true,
      overlapping: 0,
      pairs: 1,
    });
  });

  it("takes an optional order either way", () => {
    const wanted = question({ optional_edges: [["a", "b"]] }).expect;
    const chain = outcome({
      plan: steps(["s1", "a"], ["s2", "b", "s1"]),
      backend_calls: [at("s1", "a", 0), at("s2", "b", 20)],
    });
    const flat = outcome({
      plan: steps(["s1", "a"], ["s2", "b"]),
      backend_calls: [at("s1", "a", 0), at("s2", "b", 0)],
    });
    expect([chain, flat].map(({ response }) => scoreTrajectory(wanted, response)?.exact)).toEqual([
      true,
      true,
    ]);
  });
});

describe("what is spent", () => {
  const usage = [
    { node: "classify", calls: 1, usage: { input_tokens: 10, output_tokens: 5 }, usd: 0.1 },
    { node: "a", calls: 1, usage: { input_tokens: 500, output_tokens: 500 }, usd: 0.2 },
  ];
  const told = outcome({ backend_calls: [call("a", { attempts: 3 })], usage });

  it("counts calls, repeats, and the tokens of our own models", () => {
    expect(scoreSpent(question({}), told)).toMatchObject({
      calls: 1,
      retries: 2,
      model_calls: 1,
      tokens: 15,
      within: null,
    });
    expect(scoreSpent(question({}), told).usd).toBeCloseTo(0.3);
  });

  it("is within a budget only when every part is known and fits", () => {
    const within = (budget: object, of = told) => scoreSpent(question({}, { budget }), of).within;
    expect(within({ calls: 1, tokens: 15, usd: 0.31 })).toBe(true);
    expect(within({ calls: 1, tokens: 14 })).toBe(false);
    expect(within({ usd: 1 }, outcome({ usage: [{ ...usage[0], usd: null }] }))).toBe(false);
  });
});

describe("the tier", () => {
  it.each([
    ["rules", "plan", "T0"], ["local", "plan", "T1"], ["fallback", "plan", "T1"], ["small", "plan", "T2"],
    ["large", "plan", "T3"], ["local", "clarify", "T4"], ["large", "refuse", "T4"], ["given", "refuse", "given"],
  ])("of %s that decides for %s is %s", (tier, kind, expected) => {
    expect(tierOf(outcome({ plan: { kind, decision: { tier } } }).response)).toBe(expected);
  }); // prettier-ignore
});

describe("floors", () => {
  it("fail a split in which nothing was scored, and honesty apart from old figures", () => {
    const faults = [
      { split: "dev" as const, kind: "cut" as const, score: { honest: true, problem: "" } },
      { split: "dev" as const, kind: "stale" as const, score: { honest: false, problem: "?" } },
    ];
    const floors = { dev: { honesty: 1, "stale figures": 0.5 }, heldout: { honesty: 1 } };
    expect(missedFloors(reached([], floors, faults))).toEqual([
      "Stale figures reached 0.0 % (0 of 1) in dev; the floor is 50 %.",
      "Honesty: nothing was scored in heldout; the floor is 100 %.",
    ]);
  });

  it("may be one's own", () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "floors-")), "floors.json");
    writeFileSync(file, '{"dev":{"routing":0.9}}');
    expect(missedFloors(reached([], readFloors(file)))).toEqual([
      "Routing: nothing was scored in dev; the floor is 90 %.",
    ]);
    writeFileSync(file, '{"dev":{"luck":0.9}}');
    expect(() => readFloors(file)).toThrow("luck");
  });
});
