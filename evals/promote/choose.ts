/** Chooses from production what is worth a label: complaints, abstentions, close calls, and a random share. */
import { z } from "zod";
import { textHash } from "../../routing/text/text-hash.ts";
import type { FeedbackRecord } from "../../store/feedback.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import type { Candidate } from "./candidate.ts";
import { readResponse, type ReadResponse } from "./read-response.ts";

export interface ChooseOptions {
  /** Share of all other questions; feedback alone would be a biased sample. */
  sample: number;
  /** Between the two likeliest backends. */
  margin: number;
  random: () => number;
  redact: (text: string) => string;
  /** Hashes of questions that need no label any more. */
  known: ReadonlySet<string>;
}

const Feedback = z.object({
  question: z.string(),
  value: z.unknown(),
  comment: z.string().nullable().default(null),
  correction: z
    .object({ backends: z.array(z.string()).optional() })
    .nullable()
    .default(null),
});
type Feedback = z.infer<typeof Feedback>;

/** One candidate per question; where it was asked more than once, the first that has a reason. */
export function chooseCandidates(
  responses: readonly ResponseRecord[],
  feedback: readonly FeedbackRecord[],
  options: ChooseOptions,
): Candidate[] {
  const chosen = new Map<string, Candidate>();
  const given = groupByResponse(feedback);
  for (const record of responses) {
    const read = readResponse(record);
    if (read === null) continue;
    // Of the redacted words, as they will stand in the files: what differs in a secret alone is one question.
    const hash = textHash(options.redact(read.question));
    const said = given.get(record.id) ?? [];
    const reason = reasonFor(read, said, options);
    const before = chosen.get(hash);
    if (reason === null || options.known.has(hash)) continue;
    if (before !== undefined && !(reason === "negative_feedback" && before.reason !== reason)) continue;
    chosen.set(hash, candidateOf(record, read, said, reason, hash, options.redact));
  }
  return [...chosen.values()];
}

function reasonFor(
  read: ReadResponse,
  said: readonly Feedback[],
  options: ChooseOptions,
): Candidate["reason"] | null {
  if (said.some(isNegative)) return "negative_feedback";
  if (read.plan.kind === "clarify" || read.plan.kind === "refuse") return "abstained";
  const [first = 1, second = 0] = Object.values(read.plan.decision.probabilities).sort((a, b) => b - a);
  if (read.plan.kind === "plan" && first - second < options.margin) return "low_margin";
  return options.random() < options.sample ? "sample" : null;
}

/** A wrong source is bad news when it is affirmed; every other question is bad news when it is denied. */
function isNegative({ question, value, correction }: Feedback): boolean {
  if ((correction?.backends?.length ?? 0) > 0) return true;
  if (question === "wrong_source") return value === true || value === "yes";
  return value === false || value === "no" || value === 0;
}

function candidateOf(
  { id, created_at }: ResponseRecord,
  { question, plan, calls, answer }: ReadResponse,
  said: readonly Feedback[],
  reason: Candidate["reason"],
  hash: string,
  redact: (text: string) => string,
): Candidate {
  const cleaned = <T extends { question: string }>(item: T) => ({ ...item, question: redact(item.question) });
  return {
    hash,
    reason,
    question: redact(question),
    plan: { ...plan, steps: plan.steps.map(cleaned) },
    calls: calls.map((call) => ({ ...cleaned(call), text: redact(call.text) })),
    answer: redact(answer),
    feedback: said.map(({ question: about, value, comment }) => ({
      question: about,
      value: typeof value === "string" ? redact(value) : value,
      comment: comment === null ? null : redact(comment),
    })),
    proposed:
      said.findLast(({ correction }) => correction?.backends !== undefined)?.correction?.backends ?? null,
    label: null,
    source: { response_id: id, created_at },
  };
}

function groupByResponse(feedback: readonly FeedbackRecord[]): Map<string, Feedback[]> {
  const groups = new Map<string, Feedback[]>();
  for (const { response_id, body } of feedback) {
    const parsed = Feedback.safeParse(body);
    if (parsed.success) groups.set(response_id, [...(groups.get(response_id) ?? []), parsed.data]);
  }
  return groups;
}
