import { expect, it } from "vitest";
import { checkStream } from "../server/stream-checker.ts";
import { NO_POSTGRES } from "../store/databases.ts";
import { runProcesses, type ProcessesReport } from "./processes.ts";

/** PROCESSES=200 is the long form (`npm run test:processes`): so many conversations, and a pause of 30 s. */
const MANY = Number(process.env.PROCESSES ?? 0);
const OPTIONS =
  MANY > 0
    ? { conversations: MANY, turns: 4, pause_ms: 30_000, lease_ms: 10_000, latency_ms: 1_500 }
    : { conversations: 20, turns: 3, pause_ms: 5_000, lease_ms: 1_500, latency_ms: 400 };

it.skipIf(NO_POSTGRES)(
  "loses no turn and doubles none when one of two processes is killed and the other one is paused",
  async () => {
    const report = await runProcesses(OPTIONS);
    if (MANY > 0) say(report);
    const expected = Array.from({ length: OPTIONS.conversations }, (_, n) =>
      Array.from({ length: OPTIONS.turns }, (_each, turn) => `What should we do? [c${n}t${turn + 1}]`),
    );
    expect(report.left.transcripts).toEqual(expected);
    expect(report.left.remembered).toEqual(expected);
    expect(report.left.open).toBe(0);
    for (const { mark, stream } of report.turns)
      expect({ mark, status: checkStream(stream).response.status }).toEqual({ mark, status: "completed" });

    // A question whose answer was not committed yet is put once more by each process that takes the run over.
    const total = OPTIONS.conversations * OPTIONS.turns;
    const counts = Object.values(report.asked);
    expect(counts).toHaveLength(total * 2);
    const handed = report.killed.length + report.paused.length;
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(total * 2 + handed);
    expect(report.asked_after_wake).toEqual([]);
    expect(report.killed.length).toBeGreaterThan(0);
    expect(report.paused.length).toBeGreaterThan(0);
  },
  600_000,
);

function say({ left, asked, killed, paused, seconds }: ProcessesReport): void {
  const again = Object.values(asked).filter((count) => count > 1).length;
  const lines = [
    `runs by attempts ${JSON.stringify(left.attempts)}, questions put again ${again}, ${seconds} s in all`,
    `killed: ${spread(killed)}`,
    `paused: ${spread(paused)}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function spread(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  return `${sorted.length} runs taken over, median ${sorted[Math.floor(sorted.length / 2)]} ms, longest ${sorted.at(-1)} ms`;
}
