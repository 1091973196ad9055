import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { checkStream } from "../server/stream-checker.ts";
import { backgroundClient } from "./background-client.ts";
import { planOf } from "./given-plan.ts";
import { startStack, type Stack } from "./stack.ts";

const FIRST = {
  input: "What should we do?",
  custom_inputs: {
    thread_id: "t",
    plan: planOf([
      { backend: "policy_assistant", question: "What does the playbook say?" },
      { backend: "retention_agent", question: "Make a plan.", depends_on: ["s1"] },
    ]),
  },
};
const SECOND = {
  input: "And about refunds?",
  custom_inputs: {
    thread_id: "t",
    plan: planOf([{ backend: "policy_assistant", question: "What is the refund policy?" }]),
  },
};

async function asked(stack: Stack, endpoint: string): Promise<string[]> {
  const calls = (await stack.calls()).filter((call) => call.endpoint === endpoint && call.method === "POST");
  return calls.map(
    ({ body }) => /What does the playbook|What is the refund|$/.exec(JSON.stringify(body))![0],
  );
}

it("a turn waits behind a background run that its process gave back half way, and that goes on where it stood", async () => {
  const leaving = await startStack();
  await leaving.admin("faults", { endpoint: "app", fault: { kind: "latency", ms: 500 } });
  const database = join(leaving.folder, "orchestrator.db");
  const staying = await startStack({ SANDBOX_URL: leaving.sandbox.url, ORCHESTRATOR_DB: database });
  const client = backgroundClient(FIRST);
  const first = client.follow(leaving.url);
  while ((await asked(leaving, "app")).length === 0) await sleep(10);
  const second = staying.ask(SECOND);
  await sleep(100);
  await leaving.running.close();
  await first;
  while (!(await client.follow(staying.url)));
  expect(checkStream(client.received).response.status).toBe("completed");
  expect((await second).body.status).toBe("completed");
  expect(await asked(leaving, "ka")).toEqual(["What does the playbook", "What is the refund"]);
  expect(await asked(leaving, "app")).toHaveLength(1);
  await staying.close();
  await leaving.close();
}, 30_000);
