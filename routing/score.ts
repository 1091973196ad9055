/** Which backend a text fits: the trained classifier's opinion, weighed by words and wording. */
import type { Card } from "./cards.ts";
import type { LabelProbability } from "./classifier/model.ts";
import { documentsIn, intentsIn } from "./intents.ts";
import type { Knowledge } from "./knowledge.ts";
import { OTHER } from "./other-examples.ts";
import { withoutIdioms } from "./text/idioms.ts";
import { contentWords } from "./text/content.ts";
import { properNames } from "./text/names.ts";
import { wordKey } from "./text/text-hash.ts";
import { stem, type Word } from "./text/words.ts";

/** Chosen by cross-validation over the examples of the sandbox's configuration; flat around these values. */
const UNCOVERED = 0.4;
const FITTING = 4;
const LEAST_OTHER = 0.06;
const DOCUMENTS = { none: 1, named: 4, consulted: 40 };

const SINGLE = 0.03;
const SINGLED_OUT =
  /\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+|\b(?:these|those) \p{L}+|\b(?:this|that) (?:customer|account|client|company|one)\b|\bthem\b/u;

/** What a person said about this very question outweighs whatever was learned from others. */
const CORRECTED = 1e6;

/**
 * Probabilities over the backends that may be used, and "other"; they add up to 1, likeliest first.
 * With few examples function words sway a classifier. So its opinion of each backend is multiplied by the share of
 * the text's content words that the backend uses of itself, and by whether the wording asks for what the backend
 * gives (figures, rules, predictions, actions); "other" by the share that no backend uses.
 */
export function classify(
  knowledge: Knowledge,
  text: string,
  allowed: readonly string[],
  instances = false,
): LabelProbability[] {
  const words = namelessWords(withoutIdioms(text));
  const theirs = words.flatMap((word) => knowledge.synonyms.get(word.stem) ?? []);
  const stems = words.map((word) => stem(knowledge.synonyms.get(word.stem) ?? word.lower));
  const wanted = intentsIn(withoutIdioms(text));
  const documents = documentsIn(text);
  // Rules hold for everybody: what is so of one customer by name, or of these ones, stands in no document.
  const single =
    documents === "none" && !wanted.includes("rules") && (instances || SINGLED_OUT.test(withoutStart(text)));
  const coverage = new Map(knowledge.cards.map((card) => [card.name, coverageOf(card, stems)]));
  const best = Math.max(0, ...coverage.values());
  const corrected = knowledge.corrected.size === 0 ? undefined : knowledge.corrected.get(wordKey(text));
  const weightOf = (label: string): number => {
    if (label === corrected) return CORRECTED;
    if (label === OTHER) return (1 - best) ** 2 + LEAST_OTHER;
    const gives = knowledge.card(label)?.intents;
    const fits = wanted.some((intent) => gives?.has(intent)) ? FITTING : 1;
    const holds = gives?.has("rules") ? (single ? SINGLE : DOCUMENTS[documents]) : 1;
    return ((coverage.get(label) ?? 0) + UNCOVERED) * fits * holds;
  };
  return normalised(
    knowledge.classifier
      .predict([bare(withoutIdioms(text)), ...new Set(theirs)].join(" "))
      .filter(({ label }) => label === OTHER || allowed.includes(label))
      .map(({ label, probability }) => ({ label, probability: probability * weightOf(label) })),
  );
}

/** `Tell me the ...` asks for anything. */
function bare(text: string): string {
  return text.replace(
    /^(?:please )?(?:(?:can|could) you )?(?:tell|give|show|get|send|bring|fetch) me (?=\p{L}+ \p{L})/iu,
    "",
  );
}

/** A capital at the very start is no name. */
function withoutStart(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Names say whom a question is about, not what it asks. */
function namelessWords(text: string): Word[] {
  const names = properNames(text).join(" ").toLowerCase();
  return contentWords(text).filter((word) => !names.includes(word.lower));
}

/** Share of the stems that the backend uses of itself (0 to 1). */
function coverageOf(card: Card, stems: readonly string[]): number {
  if (stems.length === 0) return 0;
  return stems.filter((stem) => card.stems.has(stem)).length / stems.length;
}

function normalised(weighed: LabelProbability[]): LabelProbability[] {
  const sum = weighed.reduce((total, { probability }) => total + probability, 0);
  return weighed
    .map(({ label, probability }) => ({ label, probability: probability / sum }))
    .sort((a, b) => b.probability - a.probability);
}
