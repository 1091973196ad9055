/** `orchestrator plan` and how a plan reads. */
import { describe, expect, it } from "vitest";
import { planText } from "../../cli/plan-text.ts";
import { Plan } from "../../routing/plan.ts";
import { runOrchestrator } from "./shell-double.ts";

const env = { ORCHESTRATOR_CONFIG: "config/sandbox.yaml" };

describe("plan", () => {
  it("names a backend for the question without asking it", async () => {
    const { out, code } = await runOrchestrator(["plan", "@revenue_genie What is MRR by region?", "--json"], {
      env,
    });
    const plan = Plan.parse(JSON.parse(out));
    expect(plan.steps.map((step) => step.backend)).toEqual(["revenue_genie"]);
    expect(plan.decision.tier).toBe("rules");
    expect(code).toBe(0);
  });

  it("prints the problems of a wrong configuration", async () => {
    const { err, code } = await runOrchestrator(["plan", "Who?"], {
      env: { ORCHESTRATOR_CONFIG: "nowhere.yaml" },
    });
    expect(err).toContain("nowhere.yaml\n  found     no such file");
    expect(code).toBe(1);
  });
});

describe("planText", () => {
  const decision = {
    tier: "local",
    probabilities: { a: 0.2, b: 0.75 },
    latency_ms: 3.4,
    reason: "It fits.",
    fallback: "planner: timeout",
  };

  it("shows steps, reasons and the decision", () => {
    const step = {
      id: "s2",
      backend: "docs",
      question: "Why?",
      depends_on: ["s1"],
      why: "Policies.",
      confidence: 0.9,
      rejected: [{ backend: "sales", reason: "No tables." }],
    };
    expect(planText(Plan.parse({ kind: "plan", steps: [step], confidence: 0.8, decision })))
      .toBe(`s2  docs after s1  (0.90)
    Why?
    why: Policies.
    not sales: No tables.

decided by local, confidence 0.80, 3 ms
It fits.
b 0.75, a 0.20
fallback: planner: timeout`);
  });

  it.each([
    [{ kind: "refuse", refuse: { reason: "Nobody knows." } }, "refuses: Nobody knows."],
    [
      { kind: "clarify", clarify: { question: "Which year?", options: ["2025"] } },
      "asks back: Which year?\n  - 2025",
    ],
    [{ kind: "direct" }, "answers without a backend"],
  ])("shows %j", (plan, expected) => {
    expect(planText(Plan.parse({ ...plan, decision })).startsWith(`${expected}\n\n`)).toBe(true);
  });
});
