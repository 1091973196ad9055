/** How likely it is that a backend answers a text at all: the classifier's doubt, and words of foreign subjects. */
import type { Knowledge } from "../knowledge.ts";
import { contentWords } from "../text/content.ts";
import { withoutIdioms } from "../text/idioms.ts";
import { properNames } from "../text/names.ts";
import { stem } from "../text/words.ts";
import { OTHER } from "../other-examples.ts";

/**
 * Weights of a logistic regression over 1,000 clauses of the labelled questions that rules may be tuned on. They weigh
 * kinds of evidence, not words; the log-odds of "other" before and after weighing by words count alike.
 */
const BIAS = -0.45;
const PER_LOG_ODDS = -0.55;
const PER_FOREIGN_WORD = -0.6;
const NAMED = 2.6;

/** From 0 to 1; `other`: the probability of "other" that words and wording leave. */
export function inScope(text: string, other: number, knowledge: Knowledge): number {
  const plain = withoutIdioms(text);
  const raw = knowledge.classifier.predict(plain).find(({ label }) => label === OTHER)?.probability ?? 0;
  const names = properNames(text);
  const named = names.some((name) => name.includes(" ")) ? NAMED : 0;
  const foreign = foreignWords(plain, names, knowledge);
  const score = BIAS + PER_LOG_ODDS * (logOdds(raw) + logOdds(other)) + PER_FOREIGN_WORD * foreign + named;
  return 1 / (1 + Math.exp(-score));
}

/** Content words of foreign questions that no backend uses of itself more than by chance. */
function foreignWords(text: string, names: readonly string[], knowledge: Knowledge): number {
  const named = names.join(" ").toLowerCase();
  return contentWords(text).filter((word) => {
    const meant = stem(knowledge.synonyms.get(word.stem) ?? word.lower);
    const used = knowledge.cards.some(
      (card) => (card.stems.has(meant) && !card.chance.has(meant)) || card.terms.has(meant),
    );
    return !used && knowledge.foreign.has(word.stem) && !named.includes(word.lower);
  }).length;
}

function logOdds(probability: number): number {
  const inside = Math.min(Math.max(probability, 1e-4), 1 - 1e-4);
  return Math.log(inside / (1 - inside));
}
