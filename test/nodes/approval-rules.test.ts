import { describe, expect, it } from "vitest";
import { BackendConfig } from "../../config/schema.ts";
import { approvalReason } from "../../nodes/approval-rules.ts";
import { stepOf } from "./plan-double.ts";

const base = { name: "billing", kind: "knowledge_assistant", target: "billing-endpoint", description: "Answers for billing." };

function reason(backend: object, rules: { over_usd?: number; below_confidence?: number }, confidence = 1) {
  const given = { over_usd: null, below_confidence: 0, ...rules };
  const step = stepOf({ id: "s1", backend: "billing", question: "?", confidence });
  return approvalReason({ ...given, backends: [BackendConfig.parse({ ...base, ...backend })] }, step);
}

describe("a step needs approval", () => {
  it("when its backend always does, or writes and is told so", () => {
    expect(reason({ approval: "always" }, {})).toBe("billing is asked only with approval.");
    expect(reason({ approval: "writes", writes: true }, {})).toBe("billing changes things.");
    expect(reason({ approval: "writes", writes: false }, {})).toBeNull();
    expect(reason({}, {})).toBeNull();
  });

  it("when one call costs more than the limit", () => {
    expect(reason({ cost_per_call_usd: 2 }, { over_usd: 1 })).toBe(
      "One call of billing costs 2 USD, above the limit of 1 USD.",
    );
    expect(reason({ cost_per_call_usd: 1 }, { over_usd: 1 })).toBeNull();
  });

  it("when the plan is less sure of it than the limit", () => {
    expect(reason({}, { below_confidence: 0.6 }, 0.59)).toBe("The plan is not sure that billing is right.");
    expect(reason({}, { below_confidence: 0.6 }, 0.6)).toBeNull();
  });
});
