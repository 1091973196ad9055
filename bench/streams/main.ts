/** `npm run bench:streams`: many open streams on one process over a slow backend; memory per stream, event loop delay. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Agent, request, setGlobalDispatcher } from "undici";
import { startChild } from "../child.ts";
import { numberOption } from "../number-option.ts";
import { processUsage } from "../process-usage.ts";
import { serverConfig } from "../server-config.ts";

const HELP = `npm run bench:streams -- [--streams 1000] [--delay 10000]

Opens so many streams at once on one server process. The backend behind them takes --delay milliseconds.
Tells how many finished whole, memory per open stream, and the event loop's delay while they were open.
`;

const EXPECTED = "everything is in order";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      streams: { type: "string", default: "1000" },
      delay: { type: "string", default: "10000" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const count = numberOption("streams", values.streams);
  const delay = String(numberOption("delay", values.delay));
  setGlobalDispatcher(new Agent({ connections: count + 8, headersTimeout: 120_000, bodyTimeout: 120_000 }));
  const folder = await mkdtemp(path.join(tmpdir(), "orchestrator-streams-"));
  const upstream = await startChild("bench/upstream/main.ts", ["200", delay], process.env);
  await writeFile(path.join(folder, "config.yaml"), serverConfig("local", upstream.url, folder));
  await writeFile(path.join(folder, "wide.yaml"), wide(count, upstream.url));
  const server = await startChild("server/main.ts", [], {
    ...process.env,
    PORT: "0",
    LOG_LEVEL: "error",
    NODE_ENV: "production",
    ORCHESTRATOR_CONFIG: ["config.yaml", "wide.yaml"].map((file) => path.join(folder, file)).join(","),
  });
  try {
    await Promise.all(Array.from({ length: 8 }, (_, i) => ask(server.url, -i)));
    process.stdout.write(`${JSON.stringify(await measure(server, count), null, 2)}\n`);
  } finally {
    await server.close();
    await upstream.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Limits that would otherwise queue or refuse most of the streams. */
function wide(count: number, upstream: string): string {
  const { backends } = JSON.parse(serverConfig("local", upstream, "")) as { backends: object[] };
  return JSON.stringify({
    backends: backends.map((backend) => ({ ...backend, policy: { concurrency: count } })),
    server: { limits: { concurrent_runs_per_user: count + 8, streams: count + 8 } },
  });
}

async function measure(server: { url: string; pid: number }, count: number) {
  // Reading the metrics begins a new histogram of the event loop's delay.
  await eventLoop(server.url);
  const before = rss(server.pid);
  let peak = before;
  const watching = setInterval(() => (peak = Math.max(peak, rss(server.pid))), 100);
  const began = performance.now();
  const ended = await Promise.allSettled(Array.from({ length: count }, (_, i) => ask(server.url, i)));
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watching);
  const failed = ended.find((each) => each.status === "rejected");
  return {
    streams: count,
    finished_whole: ended.filter((each) => each.status === "fulfilled").length,
    first_failure: failed === undefined ? null : String(failed.reason),
    seconds: round(seconds),
    memory_before_mb: round(before / 1e6),
    memory_peak_mb: round(peak / 1e6),
    memory_per_stream_kb: round((peak - before) / count / 1e3),
    event_loop_delay_ms: await eventLoop(server.url),
  };
}

async function ask(url: string, number: number): Promise<void> {
  const { statusCode, body } = await request(`${url}/responses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input: `What is in the records, number ${number}?`, stream: true }),
  });
  const text = await body.text();
  if (statusCode !== 200 || !text.includes(EXPECTED) || !text.endsWith("data: [DONE]\n\n"))
    throw new Error(`Status ${statusCode}: ${text.slice(-300)}`);
}

/** Since the last reading. */
async function eventLoop(url: string): Promise<{ mean: number; p99: number; max: number }> {
  const { body } = await request(`${url}/metrics`);
  const text = await body.text();
  const value = (name: string) =>
    round(
      Number(
        new RegExp(`^nodejs_eventloop_lag_${name}_seconds(?:\\{[^}]*\\})? (\\S+)`, "m").exec(text)?.[1],
      ) * 1000,
    );
  return { mean: value("mean"), p99: value("p99"), max: value("max") };
}

function rss(pid: number): number {
  return processUsage(pid)?.rss ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
