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
const route = afterDispatch((backend) => backend !== "revenue_genie");

function sent(result: Send[] | "nothing left"): [string, unknown][] {
  if (result === "nothing left") return [];
  return result.map((send) => [send.node, (send.args as { question: string }).question]);
}

describe("dispatch", () => {
  it("starts every step whose dependencies are met, in parallel", () => {
    expect(sent(route({ plan, findings: [], conversations: {} }))).toEqual([
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
    const sends = route({ plan, findings, conversations: { revenue_genie: "c1" } }) as Send[];
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
    const update = await dispatch(() => 7)({ plan, findings }, runDouble());
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
    expect(sent(route({ plan, findings: after, conversations: {} }))).toEqual([["retention_agent", "Plan"]]);
  });

  it("ends when every step has a finding", () => {
    const findings = plan.steps.map((step) => findingOf({ step: step.id, backend: step.backend }));
    expect(route({ plan, findings, conversations: {} })).toBe("nothing left");
  });
});
