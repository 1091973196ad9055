/** One labelled question or conversation. Fields: evals/datasets/README.md. */
import { readFileSync } from "node:fs";
import { z } from "zod";

const Edge = z.tuple([z.string(), z.string()]);

const Expectation = z.strictObject({
  kind: z.enum(["plan", "direct", "clarify", "refuse"]),
  backends: z.array(z.string()),
  shape: z.enum(["single", "parallel", "sequence", "dag"]).optional(),
  /** `[earlier, later]`. */
  edges: z.array(Edge),
  optional_edges: z.array(Edge).default([]),
  numbers: z.array(z.strictObject({ name: z.string(), sql: z.string() })).default([]),
  contains: z.array(z.string()).default([]),
  /** Questions to backends; without it one for each expected backend. */
  steps: z.number().int().min(1).optional(),
  /** Words that the questions put to a backend must hold between them. */
  terms: z.record(z.string(), z.array(z.string().min(1))).optional(),
  /** What a right answer states, in words, for the judges. */
  facts: z.array(z.string()).default([]),
  /** Rules that this answer has to follow, for the judges. */
  guidelines: z.array(z.string()).default([]),
  clarify: z.boolean().default(false),
  refuse: z.boolean().default(false),
});
export type Expectation = z.infer<typeof Expectation>;

export const Case = z
  .strictObject({
    id: z.string(),
    cluster: z.string(),
    split: z.enum(["dev", "heldout"]),
    category: z.string(),
    input: z.string().optional(),
    messages: z.array(z.strictObject({ role: z.literal("user"), content: z.string() })).optional(),
    expect: Expectation,
    /** What the answer may take at most. */
    budget: z
      .strictObject({
        calls: z.number(),
        retries: z.number(),
        model_calls: z.number(),
        tokens: z.number(),
        usd: z.number(),
        latency_ms: z.number(),
      })
      .partial()
      .optional(),
    source: z.strictObject({ kind: z.enum(["synthetic", "prod", "human"]), trace_id: z.string().optional() }),
  })
  .refine((c) => (c.input === undefined) !== (c.messages === undefined), {
    error: "give either `input` or `messages`",
  });
export type Case = z.infer<typeof Case>;

/** The sandbox's labelled questions. */
export const DATASETS: readonly string[] = [
  "routing",
  "tuning",
  "unseen",
  "paraphrases",
  "strangers",
  "aside",
].map((name) => `evals/datasets/${name}.jsonl`);

/** The user's turns, oldest first; the last one is scored. */
export function turnsOf(question: Case): string[] {
  return question.messages?.map(({ content }) => content) ?? [question.input ?? ""];
}

/** What the command line leaves of a dataset. */
export function chosenCases(
  cases: readonly Case[],
  { split, only, limit }: { split: Case["split"] | null; only: RegExp | null; limit: number },
): Case[] {
  return cases
    .filter((question) => split === null || question.split === split)
    .filter((question) => only === null || only.test(question.id))
    .slice(0, limit);
}

/** Reads a dataset of one JSON object per line. Throws with the line's number where one is wrong. */
export function readDataset(path: string): Case[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const parsed = Case.safeParse(JSON.parse(line));
    if (parsed.success) return [parsed.data];
    throw new TypeError(`${path}, line ${index + 1}: ${z.prettifyError(parsed.error)}`);
  });
}
