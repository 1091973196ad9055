/** The command lines of `evals promote` and `evals label`. */
import { parseArgs } from "node:util";
import { since, SINCE_FLAG } from "../flags.ts";

export interface PromoteOptions {
  /** JSONL of candidates; added to. */
  out: string;
  /** Dataset of the questions that test. */
  tests: string;
  /** Epoch milliseconds. */
  since: number;
  seed: number;
}

export interface LabelOptions {
  candidates: string;
  tests: string;
  /** Take what users named as the right backends for a label where nobody gave one. */
  accept: boolean;
}

export const PRODUCTION = "evals/datasets/prod.jsonl";
export const CANDIDATES = "evals/candidates.jsonl";

export function promoteOptions(args: string[], now: number): PromoteOptions {
  const { values } = parseArgs({
    args,
    options: {
      out: { type: "string", default: CANDIDATES },
      tests: { type: "string", default: PRODUCTION },
      since: SINCE_FLAG,
      seed: { type: "string" },
    },
  });
  return {
    out: values.out,
    tests: values.tests,
    since: since(values.since),
    seed: Number(values.seed ?? now),
  };
}

export function labelOptions(args: string[]): LabelOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      tests: { type: "string", default: PRODUCTION },
      "accept-corrections": { type: "boolean", default: false },
    },
  });
  return {
    candidates: positionals[0] ?? CANDIDATES,
    tests: values.tests,
    accept: values["accept-corrections"],
  };
}
