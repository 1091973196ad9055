/** The events of one long answer: four steps, two of them side by side, one that fails, citations of every kind. */
import type { Script } from "./page-server.ts";

const PLAN = {
  kind: "plan",
  steps: [
    { id: "s1", backend: "churn_model", question: "Which enterprise customers in EMEA are most likely to churn next quarter?", depends_on: [], why: "Scores customers by their risk of leaving.", optional: false, confidence: 0.93 },
    { id: "s2", backend: "revenue_genie", question: "MRR and open tickets for {{s1.customers}}", depends_on: ["s1"], why: "Holds recurring revenue and tickets.", optional: true, confidence: 0.88 },
    { id: "s3", backend: "policy_assistant", question: "What does the retention playbook say for these drivers?", depends_on: ["s1"], why: "Knows the playbooks.", optional: true, confidence: 0.81 },
    { id: "s4", backend: "retention_agent", question: "Costed action plan for the top five of {{s1.customers}}", depends_on: ["s1", "s3"], why: "Plans actions with their cost.", optional: false, confidence: 0.9 },
  ],
  clarify: null, refuse: null, confidence: 0.88,
  decision: { tier: "local", probabilities: {}, threshold: 0.55, runner_up: null, reason: "Four clauses, each with its backend.", fallback: null, model: null, latency_ms: 3 },
}; // prettier-ignore

const ANSWER = `Five enterprise customers in EMEA stand out for the **next quarter** [1].

### Who, and why

| Customer | Churn probability | MRR | Open tickets |
|:---|---:|---:|---:|
| Umbertoft Clinics | 87.3 % | $48,210.00 | 6 |
| Nimbelkeld Media | 81.0 % | $31,775.50 | 2 |
| Inglefold Industries | 78.4 % | $27,940.00 | 9 |

The strongest drivers are *falling usage* and late payment [1]. The three together bring in $107,925.50 a month [2].

### What to do

1. **Umbertoft Clinics**: executive sponsor call within 5 days, then a usage review [3].
   - Offer the adoption workshop
   - Keep the discount below 15 %, see \`playbook/retention\`
2. **Nimbelkeld Media**: align the invoice date, see the [billing policy](https://docs.example.test/billing) [3].

> Discounts above 15 % need the regional director.

<script>document.title = "hacked"</script> and [a bad link](javascript:alert(1)) stay text.
`;

const EVIDENCE = {
  "s1.e1": { kind: "table", title: "Churn scores, enterprise, EMEA", sql: null, description: "Scores by the churn model", columns: [{ name: "customer", type: "STRING" }, { name: "churn_probability", type: "DOUBLE" }], rows: [["Umbertoft Clinics", 0.873], ["Nimbelkeld Media", 0.81], ["Inglefold Industries", 0.784]], row_count: 3, truncated: false },
  "s2.e1": { kind: "table", title: "MRR and open tickets", sql: "SELECT c.name AS customer, SUM(s.mrr) AS mrr, COUNT(t.ticket_id) AS open_tickets\nFROM customers c JOIN subscriptions s USING (customer_id)\nWHERE s.month = DATE '2026-09-01'\nGROUP BY c.name", columns: [{ name: "customer", type: "STRING" }, { name: "mrr", type: "DECIMAL" }, { name: "open_tickets", type: "LONG" }], rows: [["Umbertoft Clinics", 48210, 6], ["Nimbelkeld Media", 31775.5, 2], ["Inglefold Industries", 27940, 9]], row_count: 3, truncated: false },
}; // prettier-ignore

const CITATIONS = [
  { n: 1, evidence: "s1.e1", step: "s1", backend: "churn_model", title: "Churn scores, enterprise, EMEA", url: "", spans: [] },
  { n: 2, evidence: "s2.e1", step: "s2", backend: "revenue_genie", title: "MRR and open tickets", url: "", spans: [] },
  { n: 3, evidence: "s3.e1", step: "s3", backend: "policy_assistant", title: "Retention playbook, section 3", url: "https://docs.example.test/playbook", spans: [] },
]; // prettier-ignore

function finding(step: string, backend: string, more: object) {
  return {
    step,
    backend,
    kind: "x",
    status: "ok",
    question: "",
    text: "",
    evidence: [],
    error: null,
    duration_ms: 412,
    ...more,
  };
}

const FINDINGS = [
  finding("s1", "churn_model", { evidence: [{ id: "s1.e1", kind: "table", title: "Churn scores, enterprise, EMEA", url: null, preview: "customer | churn_probability\nUmbertoft Clinics | 0.873", hash: "a" }], duration_ms: 640 }),
  finding("s2", "revenue_genie", { question: "MRR and open tickets for Umbertoft Clinics, Nimbelkeld Media and Inglefold Industries", evidence: [{ id: "s2.e1", kind: "table", title: "MRR and open tickets", url: null, preview: "", hash: "b" }], duration_ms: 2310 }),
  finding("s3", "policy_assistant", { evidence: [{ id: "s3.e1", kind: "document", title: "Retention playbook, section 3", url: "https://docs.example.test/playbook", preview: "An executive sponsor calls within five days of the first warning. The adoption workshop is free for accounts above 10,000 dollars a month.", hash: "c" }], duration_ms: 380 }),
  finding("s4", "retention_agent", { status: "failed", error: { code: "timeout", message: "The retention agent did not answer within 20 seconds.", status: null }, duration_ms: 20_000 }),
]; // prettier-ignore

/** `pace` milliseconds between events; 0 writes as fast as the socket takes it. */
export function flagship(pace: number): Script {
  let asked = 0;
  return async ({ event, wait, closed }) => {
    asked += 1;
    const id = `resp_${asked}`;
    event({ type: "response.created", response: { id, status: "in_progress" } });
    event({ type: "orchestrator.plan", plan: PLAN });
    for (const [i, found] of FINDINGS.entries()) {
      const { backend, question } = PLAN.steps[i] ?? { backend: "", question: "" };
      event({ type: "orchestrator.step_started", step: found.step, backend, kind: "x", question });
      event({ type: "orchestrator.step_progress", step: found.step, backend, status: "EXECUTING_QUERY", message: "Running the statement" }); // prettier-ignore
      await wait(pace * 10);
      if (found.step !== "s2") event({ type: "orchestrator.step_finished", finding: found });
      if (found.step === "s3") event({ type: "orchestrator.step_finished", finding: FINDINGS[1] });
    }
    for (const delta of ANSWER.match(/[\s\S]{1,24}/g) ?? []) {
      if (closed()) return;
      event({ type: "response.output_text.delta", delta });
      await wait(pace);
    }
    event({ type: "response.completed", response: completed(id) });
  };
}

function completed(id: string) {
  const outputs = {
    thread_id: "t",
    plan: PLAN,
    backend_calls: FINDINGS,
    skipped: [],
    citations: CITATIONS,
    missing: [{ step: "s4", backend: "retention_agent", code: "timeout", reason: "it did not answer within 20 seconds, so the costed plan is missing." }], // prettier-ignore
    suggested_questions: [
      "How much MRR is at risk in total?",
      "And in APAC?",
      "Who may approve 20 % discount?",
    ],
    composer: "extractive",
    fallback: null,
    evidence: EVIDENCE,
  };
  return {
    id,
    created_at: 1_767_571_200,
    status: "completed",
    output: [],
    usage: { total_tokens: 0 },
    custom_outputs: outputs,
  };
}

export const ROUTES: [string, unknown][] = [
  ["/agent/info", { name: "churn_desk", description: "Routes questions to the backends of a Databricks workspace and answers with citations.", use_case: "agent", agent_api: "responses" }],
  ["/backends", { object: "list", data: [
    { name: "revenue_genie", kind: "genie", description: "Customers, recurring revenue, usage, invoices and support tickets of the last 24 months.", examples: ["What is our MRR by region?"] },
    { name: "policy_assistant", kind: "knowledge_assistant", description: "Policies and playbooks: discounts, refunds, service levels, retention.", examples: ["What does the retention playbook say about falling usage?"] },
    { name: "churn_model", kind: "serving_endpoint", description: "Scores customers by their risk of leaving and names the drivers.", examples: ["Which customers are most likely to churn?"] },
    { name: "retention_agent", kind: "app", description: "Plans actions per customer, with cost.", examples: ["Draw up a retention plan for Umbertoft Clinics"] },
  ] }],
  ["/ready", { status: "ready", backends: { a: { ready: true }, b: { ready: true }, c: { ready: true }, d: { ready: false } } }],
]; // prettier-ignore
