/** SIGKILL at random moments of a background run: 4 here, as many as KILL_MOMENTS says for `npm run test:kill`. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCompany } from "../../sandbox/company/company.ts";
import type { Company } from "../../sandbox/company/contract.ts";
import { startSandbox, type Sandbox } from "../../sandbox/server.ts";
import { checkStream } from "../server/stream-checker.ts";
import { backgroundClient, type BackgroundClient } from "./background-client.ts";
import { committedSteps } from "./committed-steps.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";

const QUESTION =
  "Which enterprise customers in EMEA are most likely to churn next quarter, why, and what should we do about the top five according to our retention playbook?";
const MOMENTS = Number(process.env["KILL_MOMENTS"] ?? 4);

/** How a question to each backend looks at the sandbox; polling is none. */
const ASKED: Record<string, (call: Call) => boolean> = {
  churn_model: ({ endpoint, method }) => endpoint === "churn" && method === "POST",
  policy_assistant: ({ endpoint, method }) => endpoint === "ka" && method === "POST",
  retention_agent: ({ endpoint, method }) => endpoint === "app" && method === "POST",
  revenue_genie: ({ endpoint, rpc }) =>
    endpoint === "genie_mcp" && rpc?.startsWith("tools/call query_space") === true,
};

interface Call {
  endpoint: string;
  method: string;
  rpc: string | null;
}

let company: Company;
let sandbox: Sandbox;
let folder: string;
let env: Record<string, string>;
let server: ServerProcess;
/** Events of a run that is left alone. */
let events: number;

beforeAll(async () => {
  company = await createCompany();
  sandbox = await startSandbox({ company, genieStepMs: 150 });
  folder = await mkdtemp(join(tmpdir(), "orchestrator-"));
  env = { SANDBOX_URL: sandbox.url, ORCHESTRATOR_DB: join(folder, "killed.db") };
  for (const endpoint of ["churn", "ka", "app"])
    await admin("faults", "POST", { endpoint, fault: { kind: "latency", ms: 200 } });
  server = await startServerProcess(env);
  const alone = backgroundClient({ input: QUESTION });
  await alone.follow(server.url);
  events = eventsOf(alone.received);
}, 60_000);
afterAll(async () => {
  await server.kill();
  await sandbox.close();
  await company.close();
  await rm(folder, { recursive: true, force: true });
});

async function admin(path: string, method: string, body?: object): Promise<unknown> {
  const init = {
    method,
    headers: { "content-type": "application/json" },
    body: body && JSON.stringify(body),
  };
  return (await fetch(`${sandbox.url}/_admin/${path}`, init)).json();
}

function eventsOf(received: string): number {
  return received.split("\nevent: ").length;
}

/**
 * By what was told, not by the clock: a busy machine must not disturb the run behind its end. Runs differ a little in
 * how many events tell of progress, so that the end of this one counts as well.
 */
async function told(client: BackgroundClient, share: number, end: Promise<boolean>): Promise<void> {
  const over = new AbortController();
  const ended = () => over.abort();
  end.then(ended, ended);
  while (!over.signal.aborted && (client.id === null || eventsOf(client.received) < share * events))
    await sleep(2);
}

async function asked(): Promise<Record<string, number>> {
  const { calls } = (await admin("calls", "GET")) as { calls: Call[] };
  return Object.fromEntries(Object.entries(ASKED).map(([backend, is]) => [backend, calls.filter(is).length]));
}

describe("a background run whose process is killed", () => {
  it.each(Array.from({ length: MOMENTS }, (_, i) => (i + Math.random()) / MOMENTS))(
    "is finished by the next process: gapless, without repeats, asking nobody twice (at %f of its events)",
    async (share) => {
      await admin("calls", "DELETE");
      const client = backgroundClient({ input: QUESTION });
      const first = client.follow(server.url);
      await told(client, share, first);
      await sleep(Math.random() * 50);
      await server.kill();
      let ended = await first;
      const left = await committedSteps(join(folder, "killed.db"), client.id ?? "");
      const before = await asked();
      if (process.env["KILL_MOMENTS"] !== undefined) console.info(share.toFixed(2), JSON.stringify(left));

      server = await startServerProcess(env);
      while (!ended) ended = await client.follow(server.url);
      const stream = checkStream(client.received);
      expect(stream.response.status).toBe("completed");
      expect(stream.response.output.at(-1)?.type).toBe("message");
      const after = await asked();
      for (const backend of [...left.finished, ...left.pending])
        expect({ backend, asked: after[backend] }).toEqual({ backend, asked: before[backend] });
      for (const count of Object.values(after)) expect(count).toBeLessThanOrEqual(2);
      expect(Object.values(after).every((count) => count >= 1)).toBe(true);
      const replay = await (await fetch(`${server.url}/responses/${client.id}?stream=true`)).text();
      expect(replay).toBe(client.received.replaceAll(": keep-alive\n\n", ""));
    },
    60_000,
  );

  it("is given back at SIGTERM behind the step under way, and finished after the restart without a second question", async () => {
    await admin("calls", "DELETE");
    const client = backgroundClient({ input: QUESTION });
    const first = client.follow(server.url);
    await told(client, 0.5, first);
    expect(await server.stop()).toBe(0);
    expect(await first).toBe(false);
    server = await startServerProcess(env);
    while (!(await client.follow(server.url)));
    expect(checkStream(client.received).response.status).toBe("completed");
    const once = Object.fromEntries(Object.keys(ASKED).map((backend) => [backend, 1]));
    expect(await asked()).toEqual(once);
  }, 60_000);
});

describe("a foreground stream", () => {
  it("is finished after SIGTERM, while new requests are refused", async () => {
    const request = (stream: boolean) => ({
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: QUESTION, stream }),
    });
    const reply = await fetch(`${server.url}/responses`, request(true));
    const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (eventsOf(text) < events / 3) text += (await reader.read()).value ?? "";
    const stopped = server.stop();
    await expect
      .poll(() => fetch(`${server.url}/responses`, request(false)).catch(String), { timeout: 15_000 })
      .toBe("TypeError: fetch failed");
    for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
    expect(checkStream(text).response.status).toBe("completed");
    expect(await stopped).toBe(0);
  }, 60_000);
});
