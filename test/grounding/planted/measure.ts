/** Checks a generated set of true answers and the same answers with one planted error each, and counts. */
import { checkAnswer } from "../../../grounding/check-answer.ts";
import { isFailed, type NumberCheck } from "../../../grounding/verification.ts";
import { plant, type ErrorKind } from "./plant.ts";
import { createRandom } from "./random.ts";
import { STYLES, type Draft, type Part } from "./render.ts";
import { createWorld, POLICY, type World } from "./world.ts";

export const ERROR_KINDS: readonly ErrorKind[] = ["changed digit", "swapped rows", "wrong sum"];

export interface Tally {
  planted: number;
  caught: number;
  /** Answers whose error went unnoticed. */
  missed: string[];
}

export interface Measured {
  answers: number;
  tallies: Record<ErrorKind, Tally>;
  /** True answers with a number that was flagged. */
  alarms: string[];
}

export function measurePlanted(seed: number, answers: number): Measured {
  const random = createRandom(seed);
  const tally = (): Tally => ({ planted: 0, caught: 0, missed: [] });
  const measured: Measured = {
    answers,
    tallies: { "changed digit": tally(), "swapped rows": tally(), "wrong sum": tally() },
    alarms: [],
  };
  for (let i = 0; i < answers; i += 1) {
    const world = createWorld(random);
    const draft = STYLES[i % STYLES.length]?.(random, world);
    if (!draft) continue;
    const clean = flagged(world, draft.parts, draft.claims);
    if (clean.length > 0)
      measured.alarms.push(`${clean.map((n) => n.note).join(" ")}\n${textOf(draft.parts)}`);
    for (const kind of ERROR_KINDS) {
      const planted = plant(random, draft, kind);
      if (!planted) continue;
      const result = measured.tallies[kind];
      result.planted += 1;
      if (isCaught(world, planted.parts, planted.wrong, planted.claims)) result.caught += 1;
      else result.missed.push(textOf(planted.parts));
    }
  }
  return measured;
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (typeof part === "string" ? part : part.text)).join("");
}

function flagged(world: World, parts: readonly Part[], claims: Draft["claims"]): NumberCheck[] {
  const verification = checkAnswer({
    text: textOf(parts),
    citations: [
      { n: 1, evidence: "s1.e1" },
      { n: 2, evidence: "s2.e1" },
    ],
    claims,
    evidence: [world.entry, POLICY],
    question: "Which are the top five, and what do the rules say?",
  });
  return verification.numbers.filter(isFailed);
}

/** Whether a number that fails stands where the error was planted. */
function isCaught(world: World, parts: readonly Part[], wrong: number[], claims: Draft["claims"]): boolean {
  const spans = wrong.map((index) => {
    const start = textOf(parts.slice(0, index)).length;
    return { start, end: start + textOf(parts.slice(index, index + 1)).length };
  });
  return flagged(world, parts, claims).some((n) => spans.some((s) => n.start < s.end && s.start < n.end));
}
