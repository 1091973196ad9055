import { describe, expect, it } from "vitest";
import { BackendConfig } from "../../config/schema.ts";
import { approvalReason } from "../../nodes/approval-rules.ts";
import { planOf, stepOf } from "./plan-double.ts";

const base = {
  name: "billing",
  kind: "knowledge_assistant",
  target: "billing-endpoint",
  description: "Answers for billing.",
};

function reason(
  backend: object,
  rules: { over_usd?: number; below_confidence?: number },
  confidence = 1,
  steps = 1,
) {
  const given = { over_usd: null, below_confidence: 0, ...rules };
  const step = stepOf({ id: "s1", backend: "billing", question: "?", confidence });
  const rest = Array.from({ length: steps - 1 }, (_, i) => ({ ...step, id: `s${i + 2}` }));
  return approvalReason(
    { ...given, backends: [BackendConfig.parse({ ...base, ...backend })] },
    step,
    planOf(step, ...rest),
  );
}

describe("a step needs approval", () => {
  it("when its backend always does, or writes and is told so", () => {
    expect(reason({ approval: "always" }, {})).toBe("billing is asked only with approval.");
    expect(reason({ approval: "writes", writes: true }, {})).toBe("billing changes things.");
    expect(reason({ approval: "writes", writes: false }, {})).toBeNull();
    expect(reason({}, {})).toBeNull();
  });

  it("when the whole plan costs more than the limit", () => {
    expect(reason({ cost_per_call_usd: 2 }, { over_usd: 1 })).toBe(
      "The plan costs 2 USD, above the limit of 1 USD.",
    );
    expect(reason({ cost_per_call_usd: 1 }, { over_usd: 1 })).toBeNull();
    expect(reason({ cost_per_call_usd: 1 }, { over_usd: 2 }, 1, 3)).toBe(
      "The plan costs 3 USD, above the limit of 2 USD.",
    );
    expect(reason({}, { over_usd: 0.1 }, 1, 3)).toBeNull();
  });

  it("when the plan is less sure of it than the limit", () => {
    expect(reason({}, { below_confidence: 0.6 }, 0.59)).toBe("The plan is not sure that billing is right.");
    expect(reason({}, { below_confidence: 0.6 }, 0.6)).toBeNull();
  });
});
