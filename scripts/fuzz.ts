/** `npm run fuzz`: random requests on every route of a real server over the sandbox; counts what should not be. */
import { parseArgs } from "node:util";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request, setGlobalDispatcher } from "undici";
import { allRoutes } from "../server/routes/all-routes.ts";

const HELP = "npm run fuzz -- [--requests 100000] [--concurrency 32] [--seed 1]";
const values = optionsOf(process.argv.slice(2));

function optionsOf(args: string[]) {
  const options = {
    requests: { type: "string", default: "100000" },
    concurrency: { type: "string", default: "32" },
    seed: { type: "string", default: "1" },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    console.error(args.includes("--help") ? HELP : `${String(error)}\n${HELP}`);
    return process.exit(args.includes("--help") ? 0 : 1);
  }
}

/** A small generator with a seed, so that a run can be repeated. */
let state = Number(values.seed);
function random(): number {
  state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
  return state / 4_294_967_296;
}
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

const IDS = [
  "x",
  "resp_" + "a".repeat(32),
  "conv_" + "b".repeat(32),
  "%00",
  "..%2f..",
  "ü",
  "a".repeat(300),
  "-1",
  "null",
];
const VALUES: readonly unknown[] = [null, true, -1, 1e308, "", "x", "\u0000", "😀".repeat(50), [], {}, [[]], { a: { b: [] } }, "resp_" + "a".repeat(32)]; // prettier-ignore
const ITEMS: readonly unknown[] = [
  { role: "user", content: "hi" },
  { type: "message", role: "assistant", content: [{ type: "output_text", text: "x" }] },
  { type: "function_call_output", call_id: "c", output: "x" },
  { type: "item_reference", id: "msg_1" },
  { type: "compaction", encrypted_content: "v1.e30" },
  { type: "mcp_approval_response", approval_request_id: "a", approve: true },
];
const KEYS = [
  "input", "model", "stream", "background", "store", "instructions", "tools", "tool_choice", "text", "metadata", "conversation",
  "previous_response_id", "custom_inputs", "context", "temperature", "max_output_tokens", "items", "plan", "run", "value",
  "response_id", "trace_id", "question", "backends", "include",
]; // prettier-ignore
const HEADERS: readonly Record<string, string>[] = [
  {},
  { "content-type": "text/plain" },
  { "x-forwarded-email": "root@example.com" },
  { authorization: "Bearer x" },
  { "idempotency-key": "k" },
  { "x-orchestrator-events": "1" },
  { "x-orchestrator-backend-items": "nonsense" },
  { accept: "text/event-stream", traceparent: "00-zz-zz-01" },
  { "x-request-id": "a".repeat(500) },
];

function body(): string {
  if (random() < 0.05) return pick(["{", "", "[1]", '"x"', "\u0000", "[".repeat(2_000)]);
  const made: Record<string, unknown> = {};
  for (let i = 0; i < random() * 5; i++) made[pick(KEYS)] = pick(VALUES);
  if (random() < 0.3) made["input"] = [pick(ITEMS), pick(ITEMS)];
  // Whole runs, now and then: the title model asks nobody, a refused question no backend.
  if (random() < 0.02)
    Object.assign(made, { input: "Tell me the weather.", model: pick(["m", "title-model"]) });
  return JSON.stringify(made);
}

const routes = allRoutes({ name: "n", description: "d" }).flatMap(({ method, paths }) =>
  paths.map((path) => [method, path] as const),
);

interface Tally {
  statuses: Record<string, number>;
  faults: string[];
  slowest_ms: number;
  memory_mb: number[];
}

async function one(url: string, tally: Tally): Promise<void> {
  const [known, pattern] = pick(routes);
  const method = random() < 0.9 ? known : pick(["get", "post", "put", "delete", "patch", "options"]);
  const path = pattern.replaceAll(/:\w+/g, () => pick(IDS));
  const query = random() < 0.2 ? `?${pick(["stream", "starting_after", "limit", "after", "format", "before"])}=${encodeURIComponent(String(pick(VALUES)))}` : ""; // prettier-ignore
  const sent = method === "post" ? body() : undefined;
  const began = performance.now();
  const signal = AbortSignal.timeout(60_000);
  const headers = { "content-type": "application/json", ...pick(HEADERS) };
  try {
    const reply = await request(url + path + query, { method: method.toUpperCase() as "GET", headers, body: sent, signal }); // prettier-ignore
    const text = await reply.body.text();
    tally.statuses[reply.statusCode] = (tally.statuses[reply.statusCode] ?? 0) + 1;
    const named = reply.headers["x-request-id"] !== undefined;
    if (reply.statusCode === 500 || !named) tally.faults.push(`${method} ${path}${query} ${sent} -> ${reply.statusCode} ${text.slice(0, 200)}`); // prettier-ignore
  } catch (error) {
    tally.faults.push(`${method} ${path}${query} ${sent} -> ${String(error)}`);
  }
  tally.slowest_ms = Math.max(tally.slowest_ms, performance.now() - began);
}

async function main(): Promise<void> {
  setGlobalDispatcher(new Agent({ connections: Number(values.concurrency) }));
  const folder = await mkdtemp(join(tmpdir(), "orchestrator-fuzz-"));
  const env = { ...process.env, PORT: "0", LOG_LEVEL: "error", ORCHESTRATOR_DB: join(folder, "fuzz.db") };
  const child = spawn(process.execPath, ["--import", "tsx", "server/main.ts"], { env, stdio: ["ignore", "pipe", "inherit"] }); // prettier-ignore
  const url = await new Promise<string>((resolve) => {
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      const found = /listening on (http:\/\/\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const tally: Tally = { statuses: {}, faults: [], slowest_ms: 0, memory_mb: [] };
  const total = Number(values.requests);
  let sent = 0;
  const began = performance.now();
  const worker = async () => {
    while (sent < total) {
      if (sent++ % Math.max(1, Math.floor(total / 10)) === 0) tally.memory_mb.push(memory(child.pid ?? 0));
      await one(url, tally);
    }
  };
  await Promise.all(Array.from({ length: Number(values.concurrency) }, worker));
  const alive = (await request(`${url}/health`)).statusCode === 200;
  tally.memory_mb.push(memory(child.pid ?? 0));
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
  await rm(folder, { recursive: true, force: true });
  const seconds = Math.round((performance.now() - began) / 1000);
  const { faults, ...rest } = tally;
  process.stdout.write(`${JSON.stringify({ requests: total, seconds, alive, ...rest, faults: faults.length, first_faults: faults.slice(0, 5) }, null, 2)}\n`); // prettier-ignore
  process.exitCode = alive && faults.length === 0 ? 0 : 1;
}

/** Resident memory; -1 where the system has no /proc. */
function memory(pid: number): number {
  try {
    return Math.round(
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024,
    );
  } catch {
    return -1;
  }
}

await main();
