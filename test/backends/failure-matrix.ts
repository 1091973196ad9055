/** Every kind of backend against every fault: what comes of it, how many calls it took, what the user reads. */
import { startStubSandbox } from "../sandbox/wire-company.ts";
import type { BackendAnswer } from "../../backends/backend.ts";
import { systemClock, type Clock } from "../../backends/clock.ts";
import type { Sandbox } from "../../sandbox/server.ts";
import { BackendError } from "../../backends/errors.ts";
import { KINDS, openWorkspace, question, recorded, type Workspace } from "./workspace.ts";

export interface Outcome {
  fault: string;
  /** `answered`, or the code of the error. */
  outcome: string;
  calls: number;
  sentence: string;
  /** Spent in waits that the client chose: before repeats, between looks. */
  waited_ms: number;
  elapsed_ms: number;
  /** When it had to be over. */
  timeout_ms: number;
}

interface Setup {
  /** Heading in the documentation. */
  title: string;
  backend: { name: string } & Record<string, unknown>;
  /** The sandbox's endpoint that is asked. */
  endpoint: string;
  /** Only the call that carries the question, not what prepares or follows it. */
  match: Record<string, string>;
  /** Whether a session over MCP is used. */
  mcp?: boolean;
  /** Whether the answer is streamed. */
  streams?: boolean;
}

/** Short where the fault lasts as long as one waits, else so long that a busy machine is no fault. */
const TIMEOUT_MS = { hanging: 1_500, other: 20_000 };

const tools = [{ type: "genie_space", genie_space: { id: "s", description: "d" } }];
const call = { body: "tools/call" };

export const SETUPS: Setup[] = [
  { title: "`app`", backend: KINDS.retention, endpoint: "app", match: { path: "/responses" }, streams: true },
  { title: "`genie` (`transport: auto`)", backend: KINDS.data, endpoint: "genie_mcp", match: { body: "query_space" }, mcp: true },
  { title: "`genie` (`transport: mcp`)", backend: { ...KINDS.data, transport: "mcp" }, endpoint: "genie_mcp", match: { body: "query_space" }, mcp: true },
  { title: "`genie` (`transport: rest`)", backend: { ...KINDS.data, transport: "rest" }, endpoint: "genie_rest", match: { path: "/start-conversation" } },
  { title: "`knowledge_assistant`", backend: KINDS.docs, endpoint: "ka", match: {}, streams: true },
  { title: "`serving_endpoint` (agent)", backend: KINDS.churn, endpoint: "churn", match: {}, streams: true },
  { title: "`serving_endpoint` (ChatAgent)", backend: KINDS.chat_agent, endpoint: "chat_agent", match: {}, streams: true },
  { title: "`serving_endpoint` (chat model)", backend: KINDS.chat, endpoint: "model", match: {}, streams: true },
  { title: "`serving_endpoint` (custom model)", backend: KINDS.forecast, endpoint: "forecast", match: {} },
  { title: "`mcp`", backend: KINDS.vector, endpoint: "mcp_vector", match: call, mcp: true },
  { title: "`sql`", backend: KINDS.warehouse, endpoint: "sql", match: { method: "POST" } },
  { title: "`supervisor`", backend: { ...KINDS.supervisor, tools }, endpoint: "supervisor", match: { method: "POST" } },
]; // prettier-ignore

interface FaultCase {
  name: string;
  fault?: Record<string, unknown>;
  /** It lasts until the time is over. */
  hangs?: boolean;
  times?: number;
  /** Instead of a fault of the endpoint. */
  prepare?(workspace: Workspace, setup: Setup): Promise<void>;
  applies?(setup: Setup): boolean;
}

const status = (code: number, more: object = {}) => ({ kind: "status", status: code, ...more });

const FAULTS: FaultCase[] = [
  { name: "slower than the deadline", fault: { kind: "latency", ms: 6_000 }, hangs: true },
  { name: "429 once, Retry-After 1 s", fault: status(429, { retry_after: 1 }), times: 1 },
  { name: "429, Retry-After 60 s", fault: status(429, { retry_after: 60 }) },
  { name: "429 without Retry-After", fault: status(429) },
  { name: "500", fault: status(500) },
  { name: "503 once", fault: status(503), times: 1 },
  { name: "503", fault: status(503) },
  { name: "never answers", fault: { kind: "hang" }, hangs: true },
  { name: "connection reset once", fault: { kind: "reset" }, times: 1 },
  { name: "connection reset", fault: { kind: "reset" } },
  { name: "cut in the middle", fault: { kind: "cut", after_bytes: 60 } },
  { name: "malformed JSON", fault: { kind: "malformed" } },
  { name: "wrong content type", fault: { kind: "wrong_content_type", content_type: "text/plain", body: "oops" } },
  { name: "a web page", fault: { kind: "wrong_content_type" } },
  { name: "302 to a login page", fault: { kind: "redirect" } },
  { name: "401 once (expired token)", fault: status(401), times: 1 },
  { name: "401", fault: status(401) },
  { name: "403", fault: status(403) },
  { name: "404", fault: status(404) },
  { name: "error inside the stream", fault: { kind: "error_frame", message: "s3cr3t" }, applies: ({ streams }) => streams === true },
  { name: "app stopped", applies: ({ endpoint }) => endpoint === "app", prepare: (workspace) => workspace.admin("/apps/retention-agent", { state: "STOPPED" }) },
  { name: "result expired", fault: { kind: "expired_result" }, times: 1, applies: ({ endpoint }) => endpoint.startsWith("genie") },
  { name: "MCP error", fault: { kind: "mcp_error", message: "INTERNAL_ERROR: s3cr3t" }, applies: ({ mcp }) => mcp === true },
  { name: "MCP session lost", applies: ({ mcp }) => mcp === true, prepare: (workspace) => workspace.admin("/mcp/sessions", undefined, "DELETE") },
  { name: "a huge answer", fault: { kind: "huge", bytes: 60_000 }, applies: ({ endpoint }) => endpoint !== "forecast" },
]; // prettier-ignore

/** Sandboxes per kind that share the faults, so that those that hang do not wait for each other. */
const LANES = 3;

/** Asks one kind under each fault, each time with a client that has met no fault yet. */
export async function outcomesOf(setup: Setup): Promise<Outcome[]> {
  const faults = FAULTS.filter((one) => one.applies === undefined || one.applies(setup));
  const outcomes = new Map<FaultCase, Outcome>();
  const lane = async (number: number) => {
    const sandbox = await startStubSandbox({ genieStepMs: 0 });
    try {
      for (const [at, one] of faults.entries()) {
        if (at % LANES === number) outcomes.set(one, await outcomeOf(sandbox, setup, one));
      }
    } finally {
      await sandbox.close();
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  return faults.flatMap((one) => outcomes.get(one) ?? []);
}

async function outcomeOf(sandbox: Sandbox, setup: Setup, one: FaultCase): Promise<Outcome> {
  const timeout_ms = one.hangs === true ? TIMEOUT_MS.hanging : TIMEOUT_MS.other;
  const policy = { breaker_failures: 0, max_bytes: 40_000 };
  const clock = countingClock();
  const workspace = await openWorkspace([{ ...setup.backend, timeout_ms: TIMEOUT_MS.other, policy }], {
    on: sandbox,
    deps: { clock },
  });
  const ask = (text: string, within_ms: number) =>
    workspace.backend(setup.backend.name).ask(question(text), recorded({ deadline: Date.now() + within_ms }));
  await workspace.admin("/switches", { delta_ms: 0 });
  if (setup.endpoint === "model")
    await workspace.admin("/model/queue", { text: "Refunds take five days, whatever the plan.", keep: true });
  // Address, task and session are known then, so that only the question's own calls are counted.
  await ask("first", TIMEOUT_MS.other);
  await begin(workspace, setup, one);
  const began = performance.now();
  clock.waited_ms = 0;
  const result = await ask("again", timeout_ms).then(answered, failed);
  const elapsed_ms = performance.now() - began;
  await workspace.admin("/faults", undefined, "DELETE");
  if (setup.endpoint === "app") await workspace.admin("/apps/retention-agent", { state: "RUNNING" });
  await workspace.stop();
  return { fault: one.name, waited_ms: clock.waited_ms, elapsed_ms, timeout_ms, ...result };
}

/** The system's clock, with a count of what was waited. */
function countingClock(): Clock & { waited_ms: number } {
  const clock = {
    waited_ms: 0,
    now: () => systemClock.now(),
    async sleep(ms: number, signal?: AbortSignal) {
      clock.waited_ms += ms;
      await systemClock.sleep(ms, signal);
    },
  };
  return clock;
}

async function begin(workspace: Workspace, setup: Setup, one: FaultCase): Promise<void> {
  if (one.prepare !== undefined) await one.prepare(workspace, setup);
  if (one.fault === undefined) return;
  const { endpoint, match } = setup;
  // Whatever the first of an app's two routes meets, the second meets too.
  const where = endpoint === "app" ? {} : { match };
  await workspace.admin("/faults", {
    endpoint,
    fault: one.fault,
    ...where,
    ...(one.times && { times: one.times }),
  });
}

function answered({ attempts }: BackendAnswer) {
  return { outcome: "answered", calls: attempts, sentence: "" };
}

function failed(error: unknown) {
  if (!(error instanceof BackendError)) throw error;
  return { outcome: error.code, calls: error.detail.attempts ?? -1, sentence: error.message };
}
