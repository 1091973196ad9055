/** The machine-readable tail of an answer: which claim rests on which evidence, and how computed numbers came about. */
import { z } from "zod";

/** One claim. Section 4.1 of the evaluation reference; `calc` is the declared derivation of `value`. */
export const Claim = z.object({
  text: z.string().max(2_000).default(""),
  value: z.number().optional(),
  unit: z.string().optional(),
  evidence: z.array(z.string()).default([]),
  calc: z.string().max(600).optional(),
});
export type Claim = z.infer<typeof Claim>;

const Tail = z.object({ claims: z.array(Claim).max(200) });

/** The line that opens the tail; everything from it on is for machines. */
export const CLAIMS_MARKER = "```claims";

export interface ParsedTail {
  /** The answer as the reader sees it. */
  text: string;
  claims: Claim[];
  /** One sentence when there is a tail that cannot be read. */
  problem: string | null;
}

/** Splits prose and tail. A text without a tail has no claims and no problem. */
export function parseClaims(answer: string): ParsedTail {
  const at = tailStart(answer);
  if (at < 0) return { text: answer, claims: [], problem: null };
  const text = answer.slice(0, at);
  const body = answer.slice(at + CLAIMS_MARKER.length).replace(/\n?```\s*$/, "");
  const parsed = Tail.safeParse(readJson(body));
  if (parsed.success) return { text, claims: parsed.data.claims, problem: null };
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
  return { text, claims: [], problem: `The claims cannot be read${where}.` };
}

/** Where the tail begins, or -1. The marker counts only at the start of a line. */
export function tailStart(answer: string): number {
  if (answer.startsWith(CLAIMS_MARKER)) return 0;
  const at = answer.indexOf(`\n${CLAIMS_MARKER}`);
  return at < 0 ? -1 : at + 1;
}

function readJson(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return Array.isArray(value) ? { claims: value } : value;
  } catch {
    return null;
  }
}
