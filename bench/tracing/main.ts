/** `npm run bench:tracing`: what tracing costs, as ratios to tracing off, in interleaved rounds. */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { heapAfterCollection } from "../heap.ts";
import { measure, type Block, type Load } from "../load.ts";
import { quantile } from "../median.ts";
import { numberOption } from "../number-option.ts";
import { openArena, type Subject } from "./arena.ts";

const HELP = `npm run bench:tracing -- [--rounds 30] [--requests 10] [--memory 2000]

One server per way of tracing, over an upstream that takes 20 ms a call (a model routes, a backend is asked, a model
writes). Each round puts \`--requests\` questions to each, one at a time, in a new order; then the same with 16 at once and four times as many.
Ratios are to "off"; "off again" shows how much of them is the machine's noise. Then each server that traces answers \`--memory\` questions more; its heap is read after
a full garbage collection at the beginning, at half and at the end.
`;

async function compare(subjects: readonly Subject[], load: Load, rounds: number): Promise<Block[][]> {
  const results: Block[][] = subjects.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < subjects.length; i += 1) {
      const at = (i + round) % subjects.length;
      const subject = subjects[at] as Subject;
      results[at]?.push(await measure(subject.client, subject.child.pid, load));
    }
    if (round % 10 === 9)
      process.stderr.write(`${load.concurrency} at once: round ${round + 1} of ${rounds}\n`);
  }
  return results;
}

/** Blocks are short and take turns, so that other work on the machine meets all alike; their samples are one sample. */
function pooled(blocks: readonly Block[]) {
  const totals = blocks.flatMap(({ totals_ms }) => totals_ms);
  const seconds = blocks.reduce((sum, block) => sum + block.seconds, 0);
  return {
    p50: quantile(totals, 0.5),
    p95: quantile(totals, 0.95),
    rate: totals.length / seconds,
    cpu: blocks.reduce((sum, { cpu_ms }) => sum + cpu_ms, 0) / blocks.length,
  };
}

const KEYS = ["p50", "p95", "rate", "cpu"] as const;

function table(subjects: readonly Subject[], results: Block[][]): string {
  const head = ["", "p50", "p95", "requests/s", "CPU/request"];
  const off = pooled(results[0] ?? []);
  const rows = subjects.map(({ name }, at) => {
    const own = pooled(results[at] ?? []);
    return [name, ...KEYS.map((key) => (own[key] / off[key]).toFixed(2))];
  });
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const absolute = `off: p50 ${off.p50.toFixed(1)} ms, p95 ${off.p95.toFixed(1)} ms, ${off.rate.toFixed(1)} requests/s, ${off.cpu.toFixed(1)} ms CPU`;
  return [absolute, "", line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Queues are full by then, where nobody takes what is in them: what grows from here on is a leak. */
async function memory({ name, client, child }: Subject, requests: number): Promise<string> {
  const heaps = [await heapAfterCollection(child.inspector)];
  for (const half of [Math.floor(requests / 2), Math.ceil(requests / 2)]) {
    await measure(client, child.pid, { stream: true, concurrency: 16, requests: half });
    heaps.push(await heapAfterCollection(child.inspector));
  }
  return `${name}: ${heaps.map((heap) => heap.toFixed(1)).join(", ")} MB over ${requests} questions`;
}

/** What each server says of its exporters. */
async function exports({ name, child }: Subject): Promise<string> {
  const text = await (await fetch(`${child.url}/metrics`)).text();
  const found = [
    ...text.matchAll(/^orchestrator_export_spans\{destination="(\w+)",outcome="(\w+)"\} (\d+)$/gm),
  ];
  return `${name}: ${found.map(([, destination, outcome, count]) => `${destination} ${outcome} ${count}`).join(", ")}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "30" },
      requests: { type: "string", default: "10" },
      memory: { type: "string", default: "2000" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const [requests, rounds] = [
    numberOption("requests", values.requests),
    numberOption("rounds", values.rounds),
  ];
  const questions = numberOption("memory", values.memory);
  const arena = await openArena(process.env);
  try {
    await compare(arena.subjects, { stream: true, concurrency: 8, requests: 100 }, 1);
    for (const concurrency of [1, 16]) {
      const load = { stream: true, concurrency, requests: concurrency === 1 ? requests : requests * 4 };
      const results = await compare(arena.subjects, load, rounds);
      const asked = `${concurrency} at once, ${rounds} rounds of ${load.requests} questions`;
      process.stdout.write(`\n${asked}\n\n${table(arena.subjects, results)}\n`);
    }
    process.stdout.write("\nHeap after garbage collection:\n");
    for (const subject of arena.subjects.filter(({ name }) => !name.startsWith("off"))) {
      process.stdout.write(`- ${await memory(subject, questions)}\n`);
    }
    process.stdout.write(
      `\nLoad of the machine: ${loadavg()
        .map((load) => load.toFixed(1))
        .join(", ")}\n\nSpans:\n`,
    );
    for (const subject of arena.subjects) process.stdout.write(`- ${await exports(subject)}\n`);
  } finally {
    await arena.close();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
