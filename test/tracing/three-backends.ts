/** A question to three backends in two waves and a third, and exactly the tree that its trace is. */
export const QUESTION =
  "Which enterprise customers in EMEA are most likely to churn next quarter, and what is their MRR, and what does the retention playbook say about low usage?";

/** Given, so that the tree does not move when routing learns something. */
export const PLAN = {
  kind: "plan",
  steps: [
    {
      id: "s1",
      backend: "churn_model",
      question: "Which enterprise customers in EMEA are most likely to churn next quarter?",
      extract: [{ name: "customers", type: "list", column: "customer", limit: 3 }],
    },
    { id: "s2", backend: "policy_assistant", question: "What does the retention playbook say about low usage?", depends_on: ["s1"] },
    { id: "s3", backend: "revenue_genie", question: "MRR of {{s1.customers}}", depends_on: ["s2", "s1"] },
  ],
  decision: { tier: "given" },
}; // prettier-ignore

export const TREE = [
  "POST /responses",
  "  invoke_workflow orchestrator",
  "    classify",
  "    plan",
  "    dispatch",
  "    step s1",
  "      execute_tool churn_model",
  "        POST churn_model responses",
  "        retrieval serving_endpoint:churn-model-endpoint",
  "    dispatch",
  "    step s2",
  "      execute_tool policy_assistant",
  "        POST policy_assistant responses",
  "        retrieval knowledge_assistant:ka-policies-endpoint",
  "    dispatch",
  "    step s3",
  "      execute_tool revenue_genie",
  "        POST revenue_genie mcp tools/call",
  "        POST revenue_genie mcp tools/call",
  "        retrieval genie:01f0a1b2c3d4e5f60718293a4b5c6d7e",
  "    dispatch",
  "    synthesize",
  "    verify",
];
