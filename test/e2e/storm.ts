/** Many requests at once to the running server while a share of all calls to its backends goes wrong in every way. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Agent, request } from "undici";
import { FAULTS } from "../backends/storm-faults.ts";
import { overlay } from "../tracing/overlay.ts";
import { planOf } from "./given-plan.ts";
import { startStack, textOf, type ResponseBody, type Stack } from "./stack.ts";

/** Backend and its name in the sandbox. */
const BACKENDS = [
  ["revenue_genie", "genie_mcp"],
  ["policy_assistant", "ka"],
  ["churn_model", "churn"],
  ["retention_agent", "app"],
  ["policy_chat_agent", "chat_agent"],
  ["revenue_forecast", "forecast"],
  ["churn_score_function", "mcp_functions"],
  ["document_search", "mcp_vector"],
  ["ticket_labels", "sql"],
  ["policy_supervisor", "supervisor"],
] as const;

/** Of one backend, milliseconds. */
const TIMEOUT_MS = 3_000;

export interface ServerStorm {
  /** Answers without a gap, and those that name what is missing. */
  whole: number;
  with_gaps: number;
  /** Requests that failed, by HTTP status and code. */
  failed: Record<string, number>;
  /** Gaps by code. */
  gaps: Record<string, number>;
  /** What was neither an answer nor a documented failure. */
  odd: unknown[];
  /** The longest request, milliseconds, and the longest time that this process (client, server and sandbox) stood still. */
  longest_ms: number;
  blocked_ms: number;
  /** Requests that took longer than the deadline. */
  late: number;
  /**
   * Milliseconds from sending a request to its first backend call: what 50 requests at once wait for each other in
   * one process that is client, server and sandbox together.
   */
  waited_ms: { half: number; most: number };
  unhandled: unknown[];
  /** Warnings of the process, such as one of too many listeners. */
  warnings: string[];
  /** Sockets and other things that keep the process busy, before and after. */
  handles: [before: number, after: number];
  /** Listeners on the process, before and after. */
  listeners: [before: number, after: number];
  /** Calls that the sandbox received (it keeps the last 5,000). */
  calls: number;
}

export interface Storm {
  requests: number;
  at_once: number;
  /** Of all calls to backends that go wrong. */
  share: number;
  /** Of one request. */
  deadline_ms: number;
}

export async function stormServer(storm: Storm): Promise<ServerStorm> {
  const unhandled: unknown[] = [];
  const warnings: string[] = [];
  const noteRejection = (reason: unknown) => void unhandled.push(reason);
  const noteWarning = (warning: Error) => void warnings.push(warning.name);
  // What libraries set up once per process is no leak: counted from after a first start.
  await startStack(settings(storm)).then((first) => first.close());
  const before = { handles: process.getActiveResourcesInfo().length, listeners: listeners() };
  process.on("unhandledRejection", noteRejection).on("warning", noteWarning);
  const stack = await startStack(settings(storm));
  for (const [, endpoint] of BACKENDS)
    for (const fault of FAULTS)
      await stack.admin("faults", { endpoint, fault, probability: storm.share / FAULTS.length });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const tally = await askAll(stack, storm);
  delay.disable();
  const calls = (await stack.calls()).length;
  await stack.close();
  const after = await settled(before.handles);
  process.off("unhandledRejection", noteRejection).off("warning", noteWarning);
  const { waits, ...counts } = tally;
  waits.sort((a, b) => a - b);
  return {
    ...counts,
    waited_ms: { half: waits[Math.floor(waits.length / 2)] ?? 0, most: waits.at(-1) ?? 0 },
    blocked_ms: Math.round(delay.max / 1e6),
    unhandled,
    warnings,
    calls,
    handles: [before.handles, after],
    listeners: [before.listeners, listeners()],
  };
}

function settings({ deadline_ms }: Storm): { ORCHESTRATOR_CONFIG: string } {
  const { ORCHESTRATOR_CONFIG: files } = overlay({
    budgets: { deadline_ms },
    server: { limits: { concurrent_runs_per_user: 200 } },
    backends: BACKENDS.map(([name]) => ({
      name,
      timeout_ms: TIMEOUT_MS,
      policy: { breaker_reset_ms: 500 },
    })),
  });
  const [sandbox = "", over = ""] = files.split(",");
  return { ORCHESTRATOR_CONFIG: `${sandbox},config/examples/sandbox-all-kinds.yaml,${over}` };
}

/** Three backends each, in turn. */
function bodyOf(at: number): object {
  const steps = [0, 3, 7].map((offset) => ({
    backend: BACKENDS[(at + offset) % BACKENDS.length]?.[0] ?? "",
    question:
      "What is the MRR of enterprise customers in EMEA, and what does the playbook say about low usage?",
  }));
  return { input: "Ask them.", custom_inputs: { thread_id: `storm-${at}`, plan: planOf(steps) } };
}

async function askAll(stack: Stack, { requests, at_once, deadline_ms }: Storm) {
  const tally = { whole: 0, with_gaps: 0, failed: {} as Record<string, number>, gaps: {} as Record<string, number>, odd: [] as unknown[], longest_ms: 0, late: 0, waits: [] as number[] }; // prettier-ignore
  const dispatcher = new Agent({ connections: at_once });
  let next = 0;
  const worker = async () => {
    while (next < requests) {
      const began = Date.now();
      const reply = await request(`${stack.url}/responses`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(bodyOf(next++)),
        dispatcher,
      });
      const body = (await reply.body.json()) as ResponseBody;
      count(tally, reply.statusCode, body);
      const started = body.custom_outputs?.backend_calls?.map((call) => call.started_at) ?? [];
      if (started.length > 0) tally.waits.push(Math.min(...started) - began);
      const took = Date.now() - began;
      tally.longest_ms = Math.max(tally.longest_ms, took);
      if (took > deadline_ms) tally.late += 1;
    }
  };
  await Promise.all(Array.from({ length: at_once }, worker));
  await dispatcher.close();
  return tally;
}

type Tally = Awaited<ReturnType<typeof askAll>>;

function count(tally: Tally, status: number, body: ResponseBody): void {
  if (status !== 200) {
    const { code, message } = body.error ?? {};
    const documented = (status === 502 || status === 504 || status === 429) && (message ?? "") !== "";
    if (!documented) tally.odd.push({ status, body });
    add(tally.failed, `${status} ${code ?? ""}`);
    return;
  }
  const missing = body.custom_outputs.missing as { code: string; reason: string }[];
  const unnamed = missing.filter(({ reason }) => !textOf(body).includes(reason));
  if (body.status !== "completed" || unnamed.length > 0) tally.odd.push(body);
  for (const { code } of missing) add(tally.gaps, code);
  if (missing.length === 0) tally.whole += 1;
  else tally.with_gaps += 1;
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function listeners(): number {
  return process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
}

/** The count once it is back where it was, or after 5 s. */
async function settled(before: number): Promise<number> {
  for (let tries = 0; tries < 50 && process.getActiveResourcesInfo().length > before; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return process.getActiveResourcesInfo().length;
}
