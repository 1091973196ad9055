/** Many conversations at once over two server processes on one PostgreSQL: one is killed, the other one paused. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createCompany } from "../../sandbox/company/company.ts";
import { startSandbox, type Sandbox } from "../../sandbox/server.ts";
import { startPostgres } from "../store/postgres-server.ts";
import { backgroundClient } from "./background-client.ts";
import { planOf } from "./given-plan.ts";
import { leftInDatabase, type LeftInDatabase } from "./processes-database.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";
import { takeovers, type Takeovers } from "./takeovers.ts";

export interface ProcessesOptions {
  conversations: number;
  /** Of each conversation. */
  turns: number;
  /** How long the second process stands still. */
  pause_ms: number;
  lease_ms: number;
  /** Of each backend. */
  latency_ms: number;
}

export interface Turn {
  /** `[c3t2]`: stands in everything that is sent for the second turn of conversation 3. */
  mark: string;
  /** The whole stream as the client put it together over all connections. */
  stream: string;
}

export interface ProcessesReport {
  turns: Turn[];
  left: LeftInDatabase;
  /** Questions that each backend was asked, by mark of the turn and endpoint. */
  asked: Record<string, number>;
  /** Questions that the paused process put after its wake-up for runs that another one had taken by then. */
  asked_after_wake: string[];
  /** Milliseconds from the kill, and from the pause, until another process had taken each run. */
  killed: number[];
  paused: number[];
  seconds: number;
}

/** A connection that is silent for so long is broken to the clients; the servers send a sign of life more often. */
const SILENCE_MS = 2_500;
const KEEP_ALIVE_MS = 500;

/** What a process was sending when it stopped arrives at its wake-up; what it asks for after that it should not. */
const ON_THE_WAY_MS = 250;

export async function runProcesses(options: ProcessesOptions): Promise<ProcessesReport> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "orchestrator-processes-"));
  const postgres = await startPostgres();
  const company = await createCompany();
  const sandbox = await startSandbox({ company, genieStepMs: 2 });
  for (const endpoint of ["ka", "app"])
    await admin(sandbox, "faults", { endpoint, fault: { kind: "latency", ms: options.latency_ms } });
  const started: ServerProcess[] = [];
  const start = (name: string) =>
    startOne(name, folder, { sandbox, url: postgres.url, lease_ms: options.lease_ms });
  const watch = await takeovers(postgres.url);
  try {
    // The third one is up before it is needed: how long a start takes must not decide whether work is left to pause.
    started.push(...(await Promise.all([start("first"), start("second"), start("third")])));
    const [spare] = started.slice(2);
    const disturbed = await disturb(options, started.slice(0, 2), { spare: spare!, watch });
    return {
      turns: disturbed.turns,
      left: await leftInDatabase(postgres.url, options.conversations),
      ...(await questions(sandbox, disturbed)),
      killed: disturbed.killed.times(),
      paused: disturbed.paused.times(),
      seconds: Math.round((performance.now() - began) / 1_000),
    };
  } finally {
    await Promise.all(started.map((server) => server.kill()));
    await watch.close();
    await sandbox.close();
    await company.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Hands {
  /** Takes the place of the process that is killed. */
  spare: ServerProcess;
  watch: Takeovers;
}

/** The first process is killed, and replaced as a platform would do it; then the second one is paused. */
async function disturb(options: ProcessesOptions, alive: ServerProcess[], { spare, watch }: Hands) {
  const turns: Turn[] = [];
  const total = options.conversations * options.turns;
  const talking = Promise.all(
    Array.from({ length: options.conversations }, (_, n) => converse(n, options.turns, alive, turns)),
  );
  const going = async () => {
    await reached(turns, total * 0.15);
    const killed = await watch.begin(alive[0]?.child.pid);
    await alive[0]?.kill();
    alive[0] = spare;
    await reached(turns, total * 0.45);
    const paused = await watch.begin(alive[1]?.child.pid);
    alive[1]?.child.kill("SIGSTOP");
    await sleep(options.pause_ms);
    const taken = paused.marks();
    const woke = Date.now();
    alive[1]?.child.kill("SIGCONT");
    return { killed, paused, taken, woke };
  };
  const [happened] = await Promise.all([going(), talking]);
  return { turns, ...happened };
}

async function reached(turns: Turn[], count: number): Promise<void> {
  while (turns.length < count) await sleep(20);
}

/** One turn after the other; with every trouble the client goes to the other process. */
async function converse(n: number, count: number, alive: ServerProcess[], turns: Turn[]): Promise<void> {
  let at = n;
  for (let turn = 1; turn <= count; turn += 1) {
    const mark = `[c${n}t${turn}]`;
    const plan = planOf([
      { backend: "policy_assistant", question: `What does the retention playbook say? ${mark}` },
      { backend: "retention_agent", question: `Make a plan for it. ${mark}`, depends_on: ["s1"] },
    ]);
    const body = { input: `What should we do? ${mark}`, custom_inputs: { thread_id: `c${n}`, plan } };
    const client = backgroundClient(body, { key: mark, silence_ms: SILENCE_MS });
    while (!(await client.follow(alive[at % alive.length]?.url ?? ""))) {
      at += 1;
      await sleep(100);
    }
    turns.push({ mark, stream: client.received });
  }
}

/** Each process is a service principal of its own, so that the sandbox can tell who asked. */
async function startOne(
  name: string,
  folder: string,
  { sandbox, url, lease_ms }: { sandbox: Sandbox; url: string; lease_ms: number },
): Promise<ServerProcess> {
  await admin(sandbox, "clients", { id: name, secret: "not-a-secret" });
  const config = join(folder, "processes.yaml");
  const limits = { concurrent_runs_per_user: 10_000 };
  const overlay = {
    persistence: { kind: "postgres", lease_ms },
    server: { keep_alive_ms: KEEP_ALIVE_MS, limits },
  };
  writeFileSync(config, JSON.stringify(overlay));
  return startServerProcess({
    SANDBOX_URL: sandbox.url,
    SANDBOX_CLIENT_ID: name,
    SANDBOX_CLIENT_SECRET: "not-a-secret",
    ORCHESTRATOR_CONFIG: `config/sandbox.yaml,${config}`,
    DATABASE_URL: url,
  });
}

interface Asked {
  endpoint: string;
  method: string;
  subject: string | null;
  at: number;
  body: unknown;
}

async function questions(sandbox: Sandbox, { taken, woke }: { taken: string[]; woke: number }) {
  const { calls } = (await (await fetch(`${sandbox.url}/_admin/calls`)).json()) as { calls: Asked[] };
  const asked: Record<string, number> = {};
  const asked_after_wake: string[] = [];
  for (const { endpoint, method, subject, at, body } of calls) {
    const mark = /\[c\d+t\d+\]/.exec(JSON.stringify(body))?.[0];
    if (method !== "POST" || mark === undefined) continue;
    const key = `${mark} ${endpoint}`;
    asked[key] = (asked[key] ?? 0) + 1;
    if (subject === "second" && at > woke + ON_THE_WAY_MS && taken.includes(mark)) asked_after_wake.push(key);
  }
  return { asked, asked_after_wake };
}

async function admin(sandbox: Sandbox, path: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  await fetch(`${sandbox.url}/_admin/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}
