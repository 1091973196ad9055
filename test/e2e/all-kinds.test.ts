/** "Must be shown" of the backends: more than six real ones configured at once and asked in one question. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { planOf, type GivenStep } from "./given-plan.ts";
import { startStack, textOf, type Stack } from "./stack.ts";

const QUESTIONS: GivenStep[] = [
  { backend: "revenue_genie", question: "What is the MRR by region?" },
  { backend: "policy_assistant", question: "What is our refund policy for annual contracts?" },
  { backend: "churn_model", question: "Which enterprise customers are most likely to churn next quarter?" },
  { backend: "retention_agent", question: "Make an action plan for the customers at risk in EMEA." },
  { backend: "policy_chat_agent", question: "When do customers get service credits?" },
  { backend: "revenue_forecast", question: "What will MRR be in 6 months?" },
  { backend: "churn_score_function", question: "enterprise customers in EMEA" },
  { backend: "document_search", question: "escalation levels" },
  { backend: "ticket_labels", question: "Label the open tickets by topic" },
  { backend: "policy_supervisor", question: "What does the playbook say about low usage?" },
];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    ORCHESTRATOR_CONFIG: "config/sandbox.yaml,config/examples/sandbox-all-kinds.yaml",
  });
});
afterAll(() => stack.close());

it("asks ten backends of all seven kinds in one question, each answering with evidence", async () => {
  const { status, body } = await stack.ask({
    input: "Ask everyone.",
    custom_inputs: { plan: planOf(QUESTIONS) },
  });
  expect([status, body.status]).toEqual([200, "completed"]);
  const calls = body.custom_outputs.backend_calls ?? [];
  expect(calls.map(({ backend, status: said }) => [backend, said])).toEqual(
    QUESTIONS.map(({ backend }) => [backend, "ok"]),
  );
  expect(new Set(calls.map(({ kind }) => kind)).size).toBe(7);
  expect(calls.filter(({ evidence }) => evidence.length === 0).map(({ backend }) => backend)).toEqual([]);
  expect(textOf(body)).not.toContain("What is missing");
  const endpoints = new Set((await stack.calls()).map(({ endpoint }) => endpoint));
  for (const endpoint of [
    "genie_mcp",
    "ka",
    "churn",
    "app",
    "chat_agent",
    "forecast",
    "mcp_functions",
    "mcp_vector",
    "sql",
    "supervisor",
  ])
    // prettier-ignore
    expect(endpoints).toContain(endpoint);
});

it.each([
  ["What will our recurring revenue be in 6 months?", "revenue_forecast"],
  ["Classify the open tickets with ai_classify", "ticket_labels"],
  ["Call the churn_score function for our largest customer", "churn_score_function"],
  ["What is our MRR right now?", "revenue_genie"],
  ["What is our refund policy for annual contracts?", "policy_assistant"],
])("routes %j to %s without a model", async (input, backend) => {
  const { body } = await stack.ask({ input });
  expect(body.custom_outputs.plan?.steps.map((step) => step.backend)).toEqual([backend]);
});
