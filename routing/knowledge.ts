/** Everything that routing knows about the backends, learned at start from the configuration and promoted labels. */
import type { OrchestratorConfig } from "../config/schema.ts";
import { cardOf, type Card } from "./cards.ts";
import type { Classifier } from "./classifier/model.ts";
import { trainClassifier, type Example } from "./classifier/train.ts";
import { OTHER, OTHER_EXAMPLES } from "./other-examples.ts";
import { contentWords } from "./text/content.ts";
import { createTalk, type IsTalk } from "./talk.ts";
import { synonymsFor, type Synonyms } from "./text/expand.ts";
import { createRespell, type Respell } from "./text/spelling.ts";
import { wordKey } from "./text/text-hash.ts";

/** A labelled question from feedback. */
export interface Promoted {
  text: string;
  backends: string[];
}

export interface Knowledge {
  cards: readonly Card[];
  classifier: Classifier;
  card(name: string): Card | undefined;
  /** What people said about these very questions, by `wordKey`. */
  corrected: ReadonlyMap<string, string>;
  /** Stems of what foreign questions speak of. */
  foreign: ReadonlySet<string>;
  /** The backends' own words for what questions call by other names. */
  synonyms: Synonyms;
  /** Whether a text is talk that needs no backend. */
  isTalk: IsTalk;
  /** Mends slips of the keyboard. */
  respell: Respell;
  /** Labelled examples of all backends, promoted ones included, for prompts. */
  examples: readonly Example[];
}

/** How much one phrase of a description counts beside a labelled question. */
const PHRASE_WEIGHT = 0.6;

const TERM_WEIGHT = 0.2;

export function createKnowledge(config: OrchestratorConfig, promoted: readonly Promoted[] = []): Knowledge {
  const cards = config.backends
    .filter((backend) => backend.enabled)
    .map((backend) => cardOf(backend, textsFor(backend.name, promoted)));
  const examples = [
    ...cards.flatMap(examplesOf),
    ...promoted.flatMap((label) => promotedExamples(label, cards)),
  ];
  const other = [...otherExamples(cards), ...config.routing.other_examples];
  const training: Example[] = [
    ...examples,
    ...cards.flatMap((card) =>
      ownPhrases(card, cards).map((text) => ({ label: card.name, text, weight: PHRASE_WEIGHT })),
    ),
    ...cards.flatMap((card) =>
      ownTerms(card, cards).map((text) => ({ label: card.name, text, weight: TERM_WEIGHT })),
    ),
    ...weighted(other, examples.length / cards.length),
  ];
  return {
    cards,
    examples,
    classifier: trainClassifier(training),
    card: (name) => cards.find((card) => card.name === name),
    corrected: new Map(promoted.flatMap(({ text, backends }) => correction(text, backends))),
    foreign: new Set(other.flatMap(contentWords).map((word) => word.stem)),
    isTalk: createTalk(
      cards,
      [...examples, ...other.map((text) => ({ text }))].map(({ text }) => text),
    ),
    synonyms: synonymsFor(summed(cards.map((card) => card.stems))),
    respell: createRespell(summed(cards.map((card) => card.words))),
  };
}

/** A question for several backends is cut into clauses, which nobody labelled. */
function correction(text: string, backends: readonly string[]): [string, string][] {
  return backends.length > 1 ? [] : [[wordKey(text), backends[0] ?? OTHER]];
}

/** A label for one backend alone teaches its words as well. */
function textsFor(name: string, promoted: readonly Promoted[]): string[] {
  return promoted
    .filter(({ backends }) => backends.length === 1 && backends[0] === name)
    .map(({ text }) => text);
}

function summed(counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [word, count] of counts.flatMap((one) => [...one]))
    sums.set(word, (sums.get(word) ?? 0) + count);
  return sums;
}

/** "Other" counts about as much as one backend: more would starve coverage (evals.md section 3.4). */
function weighted(other: readonly string[], perBackend: number): Example[] {
  const weight = Math.min(1, (OTHER_SHARE * Math.max(perBackend, FEWEST)) / other.length);
  return other.map((text) => ({ label: OTHER, text, weight }));
}

const OTHER_SHARE = 1.5;
const FEWEST = 10;

/** Phrases that the card uses more than any other: an agent that takes MRR as an input does not answer for it. */
function ownPhrases(card: Card, cards: readonly Card[]): string[] {
  return card.phrases.filter((phrase) => {
    const stems = contentWords(phrase).map((word) => word.stem);
    const uses = (one: Card): number => stems.reduce((sum, stem) => sum + (one.stems.get(stem) ?? 0), 0);
    return cards.every((other) => other === card || uses(other) <= uses(card));
  });
}

/** Terms that no other card lists: `Refund Policy: first 30 days, billing errors`. */
function ownTerms(card: Card, cards: readonly Card[]): string[] {
  return card.config.terms
    .filter((term) => cards.every((other) => other === card || !other.config.terms.includes(term)))
    .flatMap((term) => term.split(/[:,]\s*/u));
}

/** A topic becomes a class of its own where it has examples enough to be told apart from its neighbours. */
function examplesOf(card: Card): Example[] {
  return card.examples.map(({ text, topic }) => {
    const size = card.examples.filter((other) => other.topic === topic).length;
    return { label: card.name, text, ...(topic !== undefined && size >= TOPIC_SIZE ? { topic } : {}) };
  });
}

const TOPIC_SIZE = 60;

/** A question for several backends counts for each of them, in parts; "other" is a label like any. */
function promotedExamples(label: Promoted, cards: readonly Card[]): Example[] {
  const names = label.backends.length === 0 ? [OTHER] : label.backends;
  const known = names.filter((name) => name === OTHER || cards.some((card) => card.name === name));
  return known.map((name) => ({ label: name, text: label.text, weight: 1 / known.length }));
}

/** Leaves out what a backend claims for itself: in an HR deployment holidays are not "other". */
function otherExamples(cards: readonly Card[]): string[] {
  return OTHER_EXAMPLES.filter((text) => {
    const words = contentWords(text);
    const knows = (card: Card, stem: string): boolean => card.stems.has(stem) && !card.chance.has(stem);
    return !cards.some((card) => words.filter(({ stem }) => knows(card, stem)).length * 2 > words.length);
  });
}
