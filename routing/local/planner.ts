/** Plans without a model: clauses, their backends, and which needs what of which. */
import type { Clarification, Step } from "../plan.ts";
import { OTHER } from "../other-examples.ts";
import type { RouteInput } from "../router.ts";
import { classify } from "../score.ts";
import { isAct } from "./acts.ts";
import { readClauses, type Clause } from "./clauses.ts";
import { ASKS, BARE_WHY, ORDERS } from "./cues.ts";
import { addFacts } from "./facts.ts";
import { continueFrom } from "./follow-up.ts";
import { namedByRank, pointedAt } from "./pointed-at.ts";
import { linkClauses, type Link } from "./links.ts";
import { unnest } from "./nested.ts";
import type { Reader } from "./reader.ts";
import { clarify, isCovered, isEmptyQuestion, refusal } from "./scope.ts";
import { isVague } from "./vague.ts";
import { round, writeSteps } from "./steps.ts";

export interface LocalPlan {
  kind: "plan" | "direct" | "clarify" | "refuse";
  steps: Step[];
  clarify: Clarification | null;
  refuse: { reason: string } | null;
  /** The least sure step's probability. */
  confidence: number;
  /** Of the question as a whole. */
  probabilities: Record<string, number>;
  runner_up: string | null;
  reason: string;
  /** One clause, one backend, no earlier turn needed: what a classifier may decide alone. */
  simple: boolean;
}

export function planLocally(asked: RouteInput, reader: Reader, mayClarify: boolean): LocalPlan {
  const text = reader.knowledge.respell(endsOf(asked.question.trim()));
  const question = namedByRank(text, asked.history, reader.nouns);
  const input = { ...asked, question };
  const scored = classify(reader.knowledge, question, reader.allowed);
  const base: LocalPlan = {
    kind: "plan",
    steps: [],
    clarify: null,
    refuse: null,
    confidence: 1,
    probabilities: Object.fromEntries(scored.map(({ label, probability }) => [label, round(probability)])),
    runner_up: scored.filter(({ label }) => label !== OTHER)[1]?.label ?? null,
    reason: "",
    simple: false,
  };
  const pointing = POINTS.test(question) && (ASKS.test(question) || question.includes("?"));
  const answering = input.previous !== null && (pointing || BARE_WHY.test(question));
  if (!answering && reader.knowledge.isTalk(question, pointing))
    return { ...base, kind: "direct", reason: "Small talk needs no backend." };
  const clauses = readClauses(question, reader)
    .flatMap((clause) => unnest(clause, reader))
    .map((clause) => inConversation(clause, input));
  const continued = continueFrom(input, clauses, reader);
  if (continued !== null) return continuation(base, continued);
  return planClauses(base, question, clauses, input, reader, mayClarify);
}

/** As long as a step's question may be; joining clauses reads them again, so that time grows with the square. */
const LONGEST = 4_000;

/** A pasted text stands behind what is asked of it, or in front. */
function endsOf(question: string): string {
  if (question.length <= LONGEST) return question;
  const [first, last] = [question.slice(0, LONGEST / 2), question.slice(-LONGEST / 2)];
  return `${first.replace(/\S{1,40}$/u, "")}\n${last.replace(/^\S{1,40}/u, "")}`;
}

const POINTS = /\b(?:it|that|they|them|those|these)\b/iu;

/** In a conversation a pointer has something to point to. */
function inConversation(clause: Clause, { previous }: RouteInput): Clause {
  const asks = ASKS.test(clause.text) || ORDERS.test(clause.text);
  return previous !== null && clause.clear && asks ? { ...clause, strong: true } : clause;
}

function continuation(base: LocalPlan, steps: Step[]): LocalPlan {
  return {
    ...base,
    steps,
    confidence: round(Math.min(...steps.map((step) => step.confidence))),
    reason: "The question continues the one before.",
  };
}

function planClauses(
  base: LocalPlan,
  question: string,
  clauses: readonly Clause[],
  input: RouteInput,
  reader: Reader,
  mayClarify: boolean,
): LocalPlan {
  const covered = clauses.filter((clause) => isCovered(clause, reader));
  const whole = reader.read(question);
  const ordered = clauses.some((clause) => isAct(clause.text, reader.knowledge.cards));
  const open =
    (input.previous === null && !ordered && isVague(whole, reader)) ||
    (covered.length === 0 && isEmptyQuestion([...clauses, whole], reader));
  if (mayClarify && open) {
    const reason = "The question leaves open what is asked.";
    return { ...base, kind: "clarify", clarify: clarify(question, clauses, reader), confidence: 0.5, reason };
  }
  if (covered.length === 0) {
    const confidence = base.probabilities[OTHER] ?? 0.5;
    const reason = "No backend's card covers the question.";
    return { ...base, kind: "refuse", refuse: { reason: refusal(clauses, reader) }, confidence, reason };
  }
  const links = linkClauses(covered, reader).map((link) => inHistory(link, input, reader));
  const steps = addFacts(writeSteps(links, reader), links, reader);
  const left = clauses.filter((clause) => !covered.includes(clause));
  return {
    ...base,
    steps,
    confidence: round(Math.min(...covered.map((clause) => clause.probability))),
    reason: reasonOf(covered, left),
    simple: clauses.length === 1 && steps.length === 1 && links[0]!.reference === null,
  };
}

/** A pointer that nothing in this question explains means what the last answer listed. */
function inHistory(link: Link, input: RouteInput, reader: Reader): Link {
  const hit = link.clause.reference;
  if (hit === null || link.source !== null || link.antecedent !== null) return link;
  const names = pointedAt(hit, link.clause.text, input.history, reader.nouns);
  return names.length === 0 ? link : { ...link, reference: hit, antecedent: names.join(", ") };
}

function reasonOf(covered: readonly Clause[], left: readonly Clause[]): string {
  const parts = covered.map((clause) => `"${clause.text}" goes to ${clause.backend}`);
  const gaps = left.map((clause) => `"${clause.text}" is covered by no backend`);
  return `${[...parts, ...gaps].join("; ")}.`;
}
