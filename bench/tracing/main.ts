/** `npm run bench:tracing`: what tracing costs, as ratios to tracing off, in interleaved rounds. */
import { parseArgs } from "node:util";
import { measure, type Load, type Measured } from "../load.ts";
import { median } from "../median.ts";
import { openArena, type Subject } from "./arena.ts";

const HELP = `npm run bench:tracing -- [--rounds 7] [--requests 200]

One server per way of tracing, over an upstream that takes 20 ms a call (a model routes, a backend is asked, a model
writes). Each round asks all of them in a new order. Ratios are medians of the rounds' ratios to "off"; "off again"
shows how much of them is the machine's noise.
`;

const KEYS = ["p50_ms", "p95_ms", "requests_per_s", "cpu_ms", "rss_mb"] as const;

async function compare(subjects: readonly Subject[], load: Load, rounds: number): Promise<Measured[][]> {
  const results: Measured[][] = subjects.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < subjects.length; i += 1) {
      const at = (i + round) % subjects.length;
      const subject = subjects[at] as Subject;
      results[at]?.push(await measure(subject.client, subject.child.pid, load));
    }
    process.stderr.write(`${load.concurrency} at once: round ${round + 1} of ${rounds}\n`);
  }
  return results;
}

function table(subjects: readonly Subject[], results: Measured[][]): string {
  const head = ["", "p50", "p95", "requests/s", "CPU/request", "RSS now / first, MB"];
  const off = results[0] ?? [];
  const rows = subjects.map(({ name }, at) => {
    const own = results[at] ?? [];
    const ratio = (key: (typeof KEYS)[number]) =>
      median(own.map((each, i) => each[key] / (off[i]?.[key] ?? Number.NaN))).toFixed(2);
    const memory = `${own.at(-1)?.rss_mb.toFixed(0)} / ${own[0]?.rss_mb.toFixed(0)}`;
    return [name, ...KEYS.slice(0, 4).map(ratio), memory];
  });
  const middle = (key: (typeof KEYS)[number]) => median(off.map((each) => each[key])).toFixed(1);
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const absolute = `off: p50 ${middle("p50_ms")} ms, p95 ${middle("p95_ms")} ms, ${middle("requests_per_s")} requests/s`;
  return [absolute, "", line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
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
      rounds: { type: "string", default: "7" },
      requests: { type: "string", default: "200" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const arena = await openArena(process.env);
  try {
    const requests = Number(values.requests);
    await compare(arena.subjects, { stream: true, concurrency: 8, requests }, 1);
    for (const concurrency of [1, 16]) {
      const load = {
        stream: true,
        concurrency,
        requests: concurrency === 1 ? Math.ceil(requests / 2) : requests * 2,
      };
      const results = await compare(arena.subjects, load, Number(values.rounds));
      process.stdout.write(`\n${concurrency} at once, ${load.requests} requests a round\n\n${table(arena.subjects, results)}\n`); // prettier-ignore
    }
    process.stdout.write("\nSpans:\n");
    for (const subject of arena.subjects) process.stdout.write(`- ${await exports(subject)}\n`);
  } finally {
    await arena.close();
  }
}

await main();
