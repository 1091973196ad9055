/** What goes to the larger model, and only that: an invalid plan, an unsure one, a number that no evidence confirms. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { startStack, textOf, type Stack } from "./stack.ts";

const ASK = "What is the total MRR right now?";
const model = (name: string) => ({ base_url: "${SANDBOX_URL}/v1", model: name });
const plan = (confidence: number) => ({
  kind: "plan",
  steps: [{ id: "s1", backend: "revenue_genie", question: ASK }],
  confidence,
});

let stack: Stack;
let mrr: string;
beforeAll(async () => {
  const models = {
    router: model("small-planner"),
    planner: model("large-planner"),
    synthesizer: model("small-writer"),
    reviser: model("large-writer"),
  };
  stack = await startStack(overlay({ models, routing: { verify: "gate", tiers: { local: false } } }));
  const rows = await stack.sql(
    "SELECT SUM(mrr) FROM subscriptions WHERE status = 'active' AND month = DATE '2026-09-01'",
  );
  mrr = rows[0]?.[0] ?? "";
});
beforeEach(async () => void (await stack.admin("model", undefined, "DELETE")));
afterAll(() => stack.close());

const queue = (of: string, more: object) =>
  stack.admin("model/queue", { match: `"model":"${of}"`, keep: true, ...more });

async function asked() {
  const { body } = await stack.ask({ input: ASK });
  const { requests } = (await stack.admin("model/requests")) as { requests: { model: string }[] };
  const decision = (
    body.custom_outputs.plan as { decision?: { tier: string; fallback: string | null } } | undefined
  )?.decision;
  return { body, text: textOf(body), decision, models: requests.map((request) => request.model) };
}

describe("the larger planner", () => {
  beforeEach(() => queue("small-writer", { text: `The MRR is ${mrr} [1].` }));

  it("is asked when the small one's plan is invalid and its repair too", async () => {
    await queue("small-planner", {
      json: { ...plan(0.9), steps: [{ id: "s1", backend: "nobody", question: ASK }] },
    });
    await queue("large-planner", { json: plan(0.9) });
    const { decision, models } = await asked();
    expect(models).toEqual(["small-planner", "small-planner", "large-planner", "small-writer"]);
    expect(decision).toMatchObject({ tier: "large", fallback: "router: invalid plan" });
  });

  it("is asked when the small one is unsure", async () => {
    await queue("small-planner", { json: plan(0.3) });
    await queue("large-planner", { json: plan(0.9) });
    const { decision, models } = await asked();
    expect(models).toEqual(["small-planner", "large-planner", "small-writer"]);
    expect(decision).toMatchObject({ tier: "large", fallback: null });
  });

  it("is left alone when the small one is sure", async () => {
    await queue("small-planner", { json: plan(0.9) });
    const { decision, models } = await asked();
    expect(models).toEqual(["small-planner", "small-writer"]);
    expect(decision?.tier).toBe("small");
  });
});

describe("the larger writer", () => {
  beforeEach(async () => {
    await queue("small-planner", { json: plan(0.9) });
    await queue("small-writer", { text: "Here it is. The MRR is 99999.99 [1]." });
  });

  it("writes again what stands in no evidence, from where the reader has read", async () => {
    await queue("large-writer", { text: `The MRR is ${mrr} [1].` });
    const { text, models, body } = await asked();
    expect(models).toEqual(["small-planner", "small-writer", "large-writer"]);
    expect(text).toBe(`Here it is. The MRR is ${mrr} [1].`);
    expect(body.custom_outputs.verification).toMatchObject({ ok: true, failed: [] });
    const usage = body.custom_outputs.usage as { node: string; model: string }[];
    expect(usage.filter(({ node }) => node === "synthesize").map((one) => one.model)).toEqual([
      "small-writer",
      "large-writer",
    ]);
  });

  it("does not make it worse: a number that it cannot confirm either leaves the first draft, flagged", async () => {
    await queue("large-writer", { text: "The MRR is 11111.11 [1]." });
    const { text, body } = await asked();
    expect(text).toBe("Here it is. The MRR is 99999.99 (not confirmed) [1].");
    const usage = body.custom_outputs.usage as { model: string | null }[];
    expect(usage.map((one) => one.model)).toContain("large-writer");
  });

  it("that fails leaves the first draft, flagged", async () => {
    await queue("large-writer", { status: 500 });
    expect((await asked()).text).toBe("Here it is. The MRR is 99999.99 (not confirmed) [1].");
  });
});
