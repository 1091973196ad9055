import { describe, expect, it } from "vitest";
import { spentIn, tooDear, usedUp, withCall, type Budget } from "../../nodes/budget.ts";
import type { NodeUsage } from "../../nodes/state.ts";

const budget: Budget = {
  max_cost_usd: 1,
  max_tokens: 100,
  costPerCall: (backend) => (backend === "dear" ? 0.6 : null),
};
const nothing = spentIn([]);

function call(usd: number | null, tokens: number | null = null): NodeUsage {
  const usage =
    tokens === null
      ? null
      : { input_tokens: tokens, cached_tokens: 0, output_tokens: 0, reasoning_tokens: 0 };
  return { node: "n", model: null, calls: 1, usage, latency_ms: 1, usd };
}

describe("usedUp", () => {
  it.each([
    [[call(0.5), call(0.49)], undefined, null],
    [[call(0.5), call(0.5)], undefined, "the budget of 1 USD for one request is used up."],
    [[call(null), call(null)], undefined, null],
    [[call(null, 60), call(null, 40)], undefined, "the budget of 100 tokens for one request is used up."],
    [[call(0.2)], 0.2, "the user's budget for today (UTC) is used up."],
  ])("of %j with %j left today is %j", (usage, left_usd, reason) => {
    expect(usedUp({ budget, left_usd }, spentIn(usage))).toBe(reason);
  });
});

describe("tooDear", () => {
  it("counts the steps that start together", () => {
    const allowance = { budget, left_usd: undefined };
    expect(tooDear(allowance, nothing, "dear")).toBeNull();
    expect(tooDear(allowance, withCall(nothing, "dear", budget), "dear")).toBe(
      "it costs 0.6 USD, more than is left of the budget.",
    );
  });

  it("lets a step of unknown price go", () => {
    expect(tooDear({ budget, left_usd: 0.1 }, nothing, "free")).toBeNull();
  });
});
