/** What a plan must not be. */
import { describe, expect, it } from "vitest";
import { checkPlan, planDepth, type PlanLimits } from "../../routing/plan-check.ts";
import { Plan } from "../../routing/plan.ts";

const limits: PlanLimits = { max_steps: 3, max_depth: 2, backends: ["a", "b", "c"], allowed: ["a", "b"] };

type StepDraft = { id: string; backend: string; question: string } & Record<string, unknown>;

function plan(...steps: StepDraft[]): Plan {
  return Plan.parse({ kind: "plan", steps, decision: { tier: "given" } });
}

function codes(...steps: StepDraft[]): string[] {
  return checkPlan(plan(...steps), limits).map((problem) => problem.code);
}

const first: StepDraft = {
  id: "s1",
  backend: "a",
  question: "Who?",
  extract: [{ name: "names", type: "list" }],
};

describe("checkPlan", () => {
  it("finds nothing in a sound plan", () => {
    const second = { id: "s2", backend: "b", question: "MRR of {{s1.names}}?", depends_on: ["s1"] };
    expect(codes(first, { ...second, context_from: ["s1"] })).toEqual([]);
  });

  it.each<[string, StepDraft[], string[]]>([
    ["no step", [], ["no_steps"]],
    ["an unknown backend", [{ ...first, backend: "x" }], ["unknown_backend"]],
    ["a backend that the caller may not use", [{ ...first, backend: "c" }], ["forbidden_backend"]],
    ["a dependency that does not exist", [{ ...first, depends_on: ["s7"] }], ["unknown_dependency"]],
    [
      "a reference without its dependency",
      [first, { id: "s2", backend: "b", question: "Of {{s1.names}}?" }],
      ["reference_without_dependency"],
    ],
    [
      "a reference to what is not extracted",
      [first, { id: "s2", backend: "b", question: "Of {{s1.ids}}?", depends_on: ["s1"] }],
      ["unknown_reference"],
    ],
    [
      "context without its dependency",
      [first, { id: "s2", backend: "b", question: "Why?", context_from: ["s1"] }],
      ["context_without_dependency"],
    ],
    [
      "two extracts of one name",
      [
        {
          ...first,
          extract: [
            { name: "n", type: "text" },
            { name: "n", type: "list" },
          ],
        },
      ],
      ["duplicate_extract"],
    ],
    [
      "the same question to the same backend",
      [first, { id: "s2", backend: "a", question: "who? " }],
      ["duplicate_question"],
    ],
    ["an id used twice", [first, { ...first, question: "What?" }], ["duplicate_id"]],
    [
      "a circle",
      [
        { ...first, depends_on: ["s2"] },
        { id: "s2", backend: "b", question: "B?", depends_on: ["s1"] },
      ],
      ["cycle"],
    ],
    [
      "too long a chain",
      [
        first,
        { id: "s2", backend: "b", question: "B?", depends_on: ["s1"] },
        { id: "s3", backend: "a", question: "C?", depends_on: ["s2"] },
      ],
      ["too_deep"],
    ],
    [
      "too many steps",
      ["1", "2", "3", "4"].map((n) => ({ id: `s${n}`, backend: "a", question: n })),
      ["too_many_steps"],
    ],
  ])("finds %s", (_, steps, expected) => {
    expect(codes(...steps)).toEqual(expected);
  });

  it("wants a question to clarify and a reason to refuse", () => {
    const clarify = Plan.parse({ kind: "clarify", decision: { tier: "given" } });
    const refuse = Plan.parse({ kind: "refuse", decision: { tier: "given" } });
    expect(checkPlan(clarify, limits).map(({ code }) => code)).toEqual(["missing_clarification"]);
    expect(checkPlan(refuse, limits).map(({ code }) => code)).toEqual(["missing_reason"]);
  });

  it("names the step and the fix in its message", () => {
    expect(checkPlan(plan(first, { id: "s2", backend: "b", question: "Of {{s1.names}}?" }), limits)).toEqual([
      {
        code: "reference_without_dependency",
        step: "s2",
        message: "s2 refers to {{s1.names}} without depending on s1.",
      },
    ]);
  });
});

describe("planDepth", () => {
  it("counts the longest chain, not the steps", () => {
    const steps = [
      { id: "s1", depends_on: [] },
      { id: "s2", depends_on: ["s1"] },
      { id: "s3", depends_on: ["s1"] },
      { id: "s4", depends_on: ["s2", "s3"] },
    ];
    expect(planDepth(steps)).toBe(3);
    expect(planDepth([])).toBe(0);
  });
});
