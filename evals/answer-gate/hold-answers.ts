/** Holds whole answers against floors: routing, plans, numbers, citations, grounding, and honesty when backends fail. */
import type { Case } from "../case.ts";
import { missedFloors, reached, type Floors, type Metric, type Reached, type Split } from "../gate.ts";
import type { ProgressBar } from "../progress-bar.ts";
import type { Tape } from "../recorded/tape.ts";
import { runSuite } from "../run-suite.ts";
import type { Scored } from "../score-case.ts";
import { FLOORS } from "./floors.ts";
import { runFaults, type FaultRun } from "./run-faults.ts";

export interface HoldOptions {
  serverUrl: string;
  /** The workspace behind the server. */
  tape: Tape;
  backends: readonly { name: string; target: string }[];
  concurrency: number;
  timeout_ms: number;
  progress: ProgressBar;
  floors?: Partial<Record<Split, Floors>>;
  /** Off: only the answers, without failing backends. */
  faults: boolean;
}

export interface Held {
  passed: boolean;
  reached: Reached[];
  /** One sentence per floor that was missed. */
  missed: string[];
  /** Questions to backends that stand on no recording, each once. */
  unrecorded: string[];
  scored: Scored[];
  faults: FaultRun[];
}

export async function holdAnswers(cases: readonly Case[], options: HoldOptions): Promise<Held> {
  const { serverUrl, tape, concurrency, timeout_ms, progress } = options;
  const system = { serverUrl, sandboxUrl: tape.url, close: async () => {} };
  const scored = await runSuite(cases, { system, kept: null, concurrency, timeout_ms, progress });
  const unrecorded = [...new Set(tape.missed())];
  const onCase = (id: string) => progress.step(id);
  const faults = options.faults ? await runFaults(cases, { ...options, onCase }) : [];
  const list = reached(scored, options.floors ?? FLOORS, faults).filter(
    ({ metric }) => options.faults || !FAULTY.has(metric),
  );
  const missed = missedFloors(list);
  return { passed: missed.length === 0, reached: list, missed, unrecorded, scored, faults };
}

const FAULTY: ReadonlySet<Metric> = new Set<Metric>(["honesty", "stale figures"]);
