import type { Send } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { afterDispatch, dispatch } from "../../nodes/dispatch.ts";
import { findingOf, planOf } from "./plan-double.ts";
import { runDouble } from "./run-double.ts";

const plan = planOf(
  {
    id: "s1",
    backend: "churn_model",
    question: "Who churns?",
    extract: [{ name: "customers", type: "list", limit: 5 }],
  },
  { id: "s2", backend: "revenue_genie", question: "MRR of {{s1.customers}}?", depends_on: ["s1"] },
  { id: "s3", backend: "policy_assistant", question: "What does the playbook say?" },
  {
    id: "s4",
    backend: "retention_agent",
    question: "Plan",
    depends_on: ["s1", "s3"],
    context_from: ["s1", "s3"],
  },
);
const deps = {
  clock: () => 7,
  max_replans: 1,
  acceptsContext: (backend: string) => backend !== "revenue_genie",
  rules: { backends: [], over_usd: null, below_confidence: 0 },
};
const route = afterDispatch(deps);
const fresh = { plan, findings: [], conversations: {}, approvals: {}, replans: 0, options: {}, usage: [] };

function sent(result: ReturnType<typeof route>): [string, unknown][] {
  if (typeof result === "string") return [];
  return result.map((send) => [send.node, (send.args as { question: string }).question]);
}

describe("dispatch", () => {
  it("starts every step whose dependencies are met, in parallel", () => {
    expect(sent(route(fresh))).toEqual([
      ["churn_model", "Who churns?"],
      ["policy_assistant", "What does the playbook say?"],
    ]);
  });

  it("fills references with the values of earlier steps and hands over what was asked for as context", () => {
    const findings = [
      findingOf({
        step: "s1",
        backend: "churn_model",
        text: "Acme leads.",
        extracts: { customers: ["Acme", "Zenith"] },
      }),
      findingOf({ step: "s3", backend: "policy_assistant", text: "Call them." }),
    ];
    const sends = route({ ...fresh, findings, conversations: { revenue_genie: "c1" } }) as Send[];
    expect(sent(sends)).toEqual([
      ["revenue_genie", "MRR of Acme and Zenith?"],
      ["retention_agent", "Plan"],
    ]);
    expect(sends[0]?.args).toMatchObject({ step: "s2", conversation_id: "c1", context: [] });
    expect(sends[1]?.args).toMatchObject({ context: [{ step: "s1", text: "Acme leads." }, { step: "s3" }] });
  });

  it("skips a step whose reference stayed empty and says which one, then goes on with the rest", async () => {
    const findings = [
      findingOf({ step: "s1", backend: "churn_model", status: "failed" }),
      findingOf({ step: "s3", backend: "policy_assistant" }),
    ];
    const update = await dispatch(deps)({ ...fresh, findings }, runDouble());
    expect(update.findings).toMatchObject([
      {
        step: "s2",
        status: "skipped",
        error: {
          code: "dependency_failed",
          message: "Not asked: it needs s1.customers from churn_model, which gave no answer.",
        },
      },
    ]);
    const after = [...findings, ...(update.findings as typeof findings)];
    expect(sent(route({ ...fresh, findings: after }))).toEqual([["retention_agent", "Plan"]]);
  });

  it("refuses an approved step when anything else would be sent than what was approved", async () => {
    const approvals = { s1: { approved: true, hash: "of something else", reason: null } };
    const update = await dispatch(deps)({ ...fresh, approvals }, runDouble());
    expect(update.findings).toMatchObject([
      {
        step: "s1",
        error: { code: "refused", message: "Not asked: What would be sent is no longer what was approved." },
      },
      { step: "s2", error: { code: "dependency_failed" } },
    ]);
  });

  it("ends when every step has a finding", () => {
    const findings = plan.steps.map((step) => findingOf({ step: step.id, backend: step.backend }));
    expect(route({ ...fresh, findings })).toBe("nothing left");
  });
});
