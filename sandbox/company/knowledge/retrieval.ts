/** Finds the sections that answer a question: BM25, weighed by how much of the question a section knows. */
import MiniSearch from "minisearch";
import type { Section } from "./library.ts";
import { contentWords, questionWords, type Weights } from "./passages.ts";
import { vocabularyOf, type Vocabulary } from "./vocabulary.ts";

export interface Retrieved {
  /** Best first; none when nothing is relevant. */
  sections: Section[];
  /** What each word is worth when sentences are chosen. */
  weights: Weights;
}

const MOST_PASSAGES = 4;
/** A passage counts while its score is this share of the best one's. */
const RELATIVE_SCORE = 0.45;
/** Share of the question's words, weighted by rarity, that one of the best passages must know. */
const LEAST_COVERAGE = 0.5;
/** So many words of the context steer the search, with this share of a question word's weight. */
const CONTEXT_WORDS = 24;
const CONTEXT_WEIGHT = 0.3;

export function createRetrieval(
  sections: readonly Section[],
): (question: string, context: readonly string[]) => Retrieved {
  const byId = new Map(sections.map((section) => [section.id, section]));
  const vocabulary = vocabularyOf(sections);
  const index = new MiniSearch<Section>({
    fields: ["document", "heading", "text"],
    tokenize: contentWords,
    processTerm: (term) => term,
    searchOptions: {
      boost: { document: 2, heading: 2.5 },
      fuzzy: (term) => (term.length > 5 ? 0.15 : false),
    },
  });
  index.addAll(sections);
  return (question, context) => {
    const shares = wordShares(question, context, vocabulary);
    const coverage = coverageOf(question, vocabulary);
    const hits = index
      .search([...shares.keys()].join(" "), { boostTerm: (term) => shares.get(term) ?? 1 })
      .map(({ id, score, queryTerms }) => ({ id: String(id), score, known: coverage(queryTerms) }))
      .toSorted((a, b) => b.score * b.known - a.score * a.known)
      .slice(0, MOST_PASSAGES);
    const isRelevant = hits.some((hit) => hit.known >= LEAST_COVERAGE);
    const least = RELATIVE_SCORE * (hits[0] ? hits[0].score * hits[0].known : 0);
    const found = hits.filter((hit) => isRelevant && hit.score * hit.known >= least);
    const weights = new Map([...shares].map(([word, share]) => [word, share * vocabulary.weight(word)]));
    return { sections: found.flatMap(({ id }) => byId.get(id) ?? []), weights };
  };
}

/** The share of the question's weight that a hit's words make up. */
function coverageOf(question: string, vocabulary: Vocabulary): (terms: readonly string[]) => number {
  const asked = new Set(questionWords(question));
  const sum = (words: Iterable<string>) =>
    [...words].reduce((total, word) => total + vocabulary.weight(word), 0);
  const total = sum(asked);
  return (terms) => (total === 0 ? 0 : sum(new Set(terms.filter((term) => asked.has(term)))) / total);
}

/** Words of the question count fully, the most frequent telling words of the context less. */
function wordShares(question: string, context: readonly string[], vocabulary: Vocabulary): Weights {
  const counts = new Map<string, number>();
  for (const word of contentWords(context.join(" "))) {
    if (!/\d/.test(word) && vocabulary.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const frequent = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, CONTEXT_WORDS);
  const shares = new Map(frequent.map(([word]) => [word, CONTEXT_WEIGHT]));
  for (const word of questionWords(question)) shares.set(word, 1);
  return shares;
}
