/** `npm run bench`: what our server adds to a request over a bare proxy that makes the same upstream calls. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openArena } from "./arena.ts";
import type { Load } from "./load.ts";
import { numberOption } from "./number-option.ts";
import { reportTable } from "./report.ts";
import { compare, type Comparison } from "./rounds.ts";
import type { Job } from "./server-config.ts";

const HELP = `npm run bench -- [--rounds 5] [--scale 1] [--job models|local]

Starts a fake upstream, the floor (plain node:http with undici) and our server, all on loopback, and asks
both servers the same questions in interleaved rounds. Ratios are medians of the rounds' ratios; quote
those, not the milliseconds of a shared machine. --scale multiplies the number of requests.
`;

const JOBS: readonly Job[] = ["models", "local"];

const LOADS: readonly Load[] = [
  { stream: false, concurrency: 1, requests: 150 },
  { stream: true, concurrency: 1, requests: 100 },
  { stream: false, concurrency: 32, requests: 640 },
  { stream: true, concurrency: 32, requests: 320 },
];

async function run(
  job: Job,
  rounds: number,
  scale: number,
): Promise<{ started_ms: number; comparisons: Comparison[] }> {
  const arena = await openArena(job, process.env);
  try {
    const warmUp = { stream: true, concurrency: 8, requests: 200 };
    await compare(arena, warmUp, 1);
    const comparisons: Comparison[] = [];
    for (const load of LOADS) {
      const scaled = { ...load, requests: Math.max(load.concurrency, Math.round(load.requests * scale)) };
      comparisons.push(await compare(arena, scaled, rounds));
      process.stderr.write(`${job}: ${comparisons.length} of ${LOADS.length} loads done\n`);
    }
    return { started_ms: arena.subjects[0]?.child.started_ms ?? Number.NaN, comparisons };
  } finally {
    await arena.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      scale: { type: "string", default: "1" },
      job: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [rounds, scale] = [numberOption("rounds", values.rounds), numberOption("scale", values.scale)];
  const jobs = JOBS.filter((job) => values.job === undefined || values.job === job);
  if (jobs.length === 0) throw new Error(`--job is ${values.job}. Write one of ${JOBS.join(", ")}.`);
  const time = new Date().toISOString();
  const results: Record<string, unknown> = { time, node: process.version, cores: cpus().length };
  for (const job of jobs) {
    const result = await run(job, rounds, scale);
    results[job] = result;
    const what = job === "models" ? "a model routes, a backend is asked, a model writes 200 tokens" : "no model: one backend is asked, the answer is composed"; // prettier-ignore
    process.stdout.write(
      `\n${job}: ${what}. Start to listening ${Math.round(result.started_ms)} ms.\n\n${reportTable(result.comparisons)}\n`,
    );
  }
  const file = path.join(".data", "bench", `${time.replaceAll(/[:.]/g, "-")}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`\nKept in ${file}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
