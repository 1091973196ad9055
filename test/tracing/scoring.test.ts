import { afterAll, beforeAll, expect, it } from "vitest";
import { startStack, type Stack } from "../e2e/stack.ts";
import { startMlflowDouble, type MlflowDouble } from "./mlflow-double.ts";
import { overlay } from "./overlay.ts";

let mlflow: MlflowDouble;
let stack: Stack;
beforeAll(async () => {
  mlflow = await startMlflowDouble();
  stack = await startStack(
    overlay({
      models: { judge: { base_url: "${SANDBOX_URL}/v1", model: "judge-model" } },
      tracing: { mlflow: { tracking_uri: mlflow.url, experiment: "1" }, scoring: { judge_share: 1 } },
    }),
  );
});
afterAll(async () => {
  await stack.close();
  await mlflow.close();
});

interface Sent {
  assessment_name: string;
  source: { source_type: string; source_id: string };
  feedback: { value: unknown };
  rationale: string;
}

async function assessments(count: number): Promise<Record<string, Sent>> {
  for (const until = Date.now() + 10_000; ;) {
    const sent = mlflow.calls
      .filter((call) => call.path.includes("/assessments"))
      .map(({ body }) => body.assessment as Sent);
    if (sent.length >= count) return Object.fromEntries(sent.map((each) => [each.assessment_name, each]));
    if (Date.now() > until) throw new Error(`Only ${sent.length} of ${count} came.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it("puts the scores of code and of the judge on the trace of every answer", async () => {
  const verdict = { answered: true, evidence_sufficient: false, reason: "The evidence is thin." };
  await stack.admin("model/queue", { json: verdict });
  const { body } = await stack.ask({
    input: "@policy_assistant What does the retention playbook say about low usage?",
  });
  const sent = await assessments(5);
  expect(Object.keys(sent).sort()).toEqual([
    "cited",
    "complete",
    "grounded",
    "judge_answered",
    "judge_evidence_sufficient",
  ]);
  expect(sent["complete"]).toMatchObject({
    source: { source_type: "CODE", source_id: "orchestrator" },
    feedback: { value: true },
  });
  expect(sent["cited"]?.feedback.value).toBe(true);
  expect(sent["judge_evidence_sufficient"]).toMatchObject({
    source: { source_type: "LLM_JUDGE", source_id: "judge-model" },
    feedback: { value: false },
    rationale: "The evidence is thin.",
  });
  const reply = await fetch(`${stack.url}/traces/${body.id}`);
  const { spans } = (await reply.json()) as {
    spans: { name: string; attributes: Record<string, unknown> }[];
  };
  expect(spans.find((span) => span.name === "POST /responses")?.attributes["score.complete"]).toBe(true);
  expect(spans.find((span) => span.name === "judge")?.attributes).toMatchObject({
    "score.judge_answered": true,
    "score.judge_evidence_sufficient": false,
  });
});
