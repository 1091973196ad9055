/** How the local tier alone decides labelled questions: what its threshold is calibrated on. */
import type { OrchestratorConfig } from "../config/schema.ts";
import type { Outcome } from "./calibrate.ts";
import { isSimple } from "./cascade.ts";
import { createKnowledge } from "./knowledge.ts";
import { planLocally } from "./local/planner.ts";
import { createReader } from "./local/reader.ts";
import { readPromoted, type Label } from "./promoted-file.ts";
import { textHash } from "./text/text-hash.ts";

export interface LocalOutcomes {
  /** Of the questions that the local tier may decide alone; it hands all others on whatever the threshold. */
  outcomes: Outcome[];
  labels: number;
  /** Labels left out because the router was trained on the same question. */
  trained_on: number;
}

export function localOutcomes(config: OrchestratorConfig, labels: readonly Label[]): LocalOutcomes {
  const promoted = readPromoted(config.routing.promoted_file);
  const knowledge = createKnowledge(config, promoted);
  const seen = new Set([...promoted, ...knowledge.examples].map(({ text }) => textHash(text)));
  const unseen = labels.filter(({ text }) => !seen.has(textHash(text)));
  const allowed = knowledge.cards.map((card) => card.name);
  const reader = createReader(knowledge, allowed);
  const outcomes = unseen.flatMap(({ text, backends }): Outcome[] => {
    const input = { question: text, history: [], summary: "", previous: null, allowed };
    const plan = planLocally(input, reader, config.routing.clarify);
    if (!isSimple(plan)) return [];
    const right = backends.length === 1 && plan.steps[0]?.backend === backends[0];
    return [{ probability: plan.confidence, right }];
  });
  return { outcomes, labels: unseen.length, trained_on: labels.length - unseen.length };
}
