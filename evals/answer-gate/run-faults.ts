/** Lets every backend fail in every way on some of its questions, and scores how honest the answers are. */
import { askCase } from "../ask.ts";
import type { Case } from "../case.ts";
import { FAULTS, type FaultKind } from "../recorded/faults.ts";
import type { Tape } from "../recorded/tape.ts";
import { scoreHonesty, type HonestyScore } from "../scorers/honesty.ts";

export interface FaultRun {
  id: string;
  split: Case["split"];
  backend: string;
  kind: FaultKind;
  score: HonestyScore;
}

export interface FaultOptions {
  serverUrl: string;
  tape: Pick<Tape, "setFault">;
  /** Names, and what the wire calls them. */
  backends: readonly { name: string; target: string }[];
  timeout_ms: number;
  onCase: (id: string) => void;
}

/** One fault at a time: the tape strikes whoever asks the backend. */
export async function runFaults(cases: readonly Case[], options: FaultOptions): Promise<FaultRun[]> {
  const runs: FaultRun[] = [];
  for (const { name: backend, target } of options.backends) {
    const chosen = faultCases(cases, backend);
    for (const kind of FAULTS) {
      options.tape.setFault({ target, kind });
      const { serverUrl: url, timeout_ms } = options;
      const scored = await Promise.all(
        chosen.map(async (question) => {
          const outcome = await askCase(question, { url, timeout_ms });
          options.onCase(`${question.id} ${kind}`);
          return { question, score: scoreHonesty(question, outcome, { backend, kind }) };
        }),
      );
      for (const { question, score } of scored)
        if (score !== null) runs.push({ id: question.id, split: question.split, backend, kind, score });
    }
  }
  options.tape.setFault(null);
  return runs;
}

/** The first cluster alone and the first with company, in each split. */
export function faultCases(cases: readonly Case[], backend: string): Case[] {
  const able = cases.filter(({ input, expect }) => input !== undefined && expect.backends.includes(backend));
  return (["dev", "heldout"] as const).flatMap((split) => {
    const part = able.filter((question) => question.split === split);
    const alone = part.find(({ expect }) => expect.backends.length === 1);
    const company = part.find(({ expect }) => expect.backends.length > 1);
    return [alone, company].filter((question) => question !== undefined);
  });
}

/** How many questions `runFaults` asks. */
export function faultCount(cases: readonly Case[], backends: readonly { name: string }[]): number {
  return backends.reduce((sum, { name }) => sum + faultCases(cases, name).length * FAULTS.length, 0);
}
