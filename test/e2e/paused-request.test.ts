import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { planOf } from "./given-plan.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";
import { startStack, type ResponseBody } from "./stack.ts";

const BODY = {
  input: "What should we do?",
  custom_inputs: {
    plan: planOf([
      { backend: "policy_assistant", question: "What does the playbook say?" },
      { backend: "retention_agent", question: "Make a plan.", depends_on: ["s1"] },
    ]),
  },
};

const servers: ServerProcess[] = [];
afterAll(() => Promise.all(servers.map((server) => server.kill())));

it("a request that is repeated elsewhere while its process stands still asks nobody after the wake-up", async () => {
  const stack = await startStack();
  await stack.admin("faults", { endpoint: "ka", fault: { kind: "latency", ms: 300 } });
  const config = join(stack.folder, "short.yaml");
  writeFileSync(config, "persistence: { lease_ms: 1000 }\n");
  const env = {
    SANDBOX_URL: stack.sandbox.url,
    ORCHESTRATOR_CONFIG: `config/sandbox.yaml,${config}`,
    ORCHESTRATOR_DB: join(stack.folder, "shared.db"),
  };
  servers.push(...(await Promise.all([startServerProcess(env), startServerProcess(env)])));
  const ask = async (at: number) => {
    const reply = await fetch(`${servers[at]?.url}/responses`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": "once" },
      body: JSON.stringify(BODY),
    });
    return (await reply.json()) as ResponseBody;
  };
  const asked = async (endpoint: string) =>
    (await stack.calls()).filter((call) => call.endpoint === endpoint && call.method === "POST").length;

  const first = ask(0);
  while ((await asked("ka")) === 0) await sleep(5);
  servers[0]?.child.kill("SIGSTOP");
  const second = await ask(1);
  expect(second.status).toBe("completed");
  expect([await asked("ka"), await asked("app")]).toEqual([2, 1]);
  servers[0]?.child.kill("SIGCONT");
  const late = await first;
  expect([await asked("ka"), await asked("app")]).toEqual([2, 1]);
  expect(late.status).not.toBe("completed");
  expect((await ask(0)).id).toBe(second.id);
  await stack.close();
}, 30_000);
