/** The knowledge assistant: BM25 over the sections of the documents, extractive answers with citations. */
import MiniSearch from "minisearch";
import type { AnsweringPart, CitedAnswer } from "../contract.ts";
import type { Library, Section } from "./library.ts";
import { contentWords, excerpt, questionWords, type Weights } from "./passages.ts";

const MOST_PASSAGES = 4;
const SENTENCES = 4;
const SENTENCES_WITH_CONTEXT = 6;
/** A passage counts while its score is this share of the best one's. */
const RELATIVE_SCORE = 0.45;
/** Share of the question's words, weighted by rarity, that the best passage must know. */
const LEAST_COVERAGE = 0.38;
/** So many words of the context steer which sentences are taken, with this share of a question word's weight. */
const CONTEXT_WORDS = 24;
const CONTEXT_WEIGHT = 0.3;
const NOTHING =
  "I found nothing about that in the documents. They cover policies and playbooks: retention, pricing and discounts, refunds, billing, support and service levels, security, data protection, renewals, onboarding, partners and internal rules.";

export function createKnowledge(library: Library): AnsweringPart {
  const byId = new Map(library.sections.map((section) => [section.id, section]));
  const rarity = rarityOf(library.sections);
  const index = new MiniSearch<Section>({
    fields: ["document", "heading", "text"],
    tokenize: contentWords,
    processTerm: (term) => term,
    searchOptions: {
      boost: { document: 2, heading: 2.5 },
      fuzzy: (term) => (term.length > 5 ? 0.15 : false),
    },
  });
  index.addAll(library.sections);
  return {
    async answer({ question, context }) {
      const weights = weigh(question, context, rarity);
      const hits = index.search([...weights.keys()].join(" "), {
        boostTerm: (term) => weights.get(term) ?? 1,
      });
      const asked = new Set(questionWords(question));
      const best = index.search([...asked].join(" "))[0];
      const sum = (list: Iterable<string>) => [...list].reduce((total, word) => total + rarity(word), 0);
      if (!best || sum(new Set(best.queryTerms)) < LEAST_COVERAGE * sum(asked)) {
        return { text: NOTHING, citations: [], custom_outputs: { passages: 0 } };
      }
      const sections = hits
        .filter((hit) => hit.score >= RELATIVE_SCORE * (hits[0]?.score ?? 0))
        .slice(0, MOST_PASSAGES)
        .flatMap((hit) => byId.get(String(hit.id)) ?? []);
      const relative = new Map([...weights].map(([word, weight]) => [word, weight * rarity(word)]));
      return {
        ...compose(sections, relative, context.length > 0 ? SENTENCES_WITH_CONTEXT : SENTENCES),
        custom_outputs: { passages: sections.length },
      };
    },
  };
}

/** Words of the question with weight 1, the most frequent telling words of the context with less. */
function weigh(question: string, context: readonly string[], rarity: (word: string) => number): Weights {
  const counts = new Map<string, number>();
  for (const word of contentWords(context.join(" "))) {
    if (!/\d/.test(word) && rarity(word) < NEVER_SEEN) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const frequent = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, CONTEXT_WORDS);
  const weights = new Map(frequent.map(([word]) => [word, CONTEXT_WEIGHT]));
  for (const word of questionWords(question)) weights.set(word, 1);
  return weights;
}

/** Rarity of words that no document has. */
const NEVER_SEEN = 6;

/** Inverse document frequency; words that no document has weigh most. */
function rarityOf(sections: readonly Section[]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const { document, heading, text } of sections) {
    for (const word of new Set(contentWords(`${document} ${heading} ${text}`))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return (word) => {
    const count = counts.get(word);
    return count === undefined ? NEVER_SEEN : Math.min(5.5, Math.log(1 + sections.length / (0.5 + count)));
  };
}

/** One paragraph per passage; each citation spans its paragraph's sentences. */
function compose(sections: readonly Section[], weights: Weights, sentences: number): CitedAnswer {
  let text = "";
  const citations = sections.map((section) => {
    const title = `${section.document} – ${section.heading}`;
    const snippet = excerpt(section, weights, sentences);
    text += `${text ? "\n\n" : ""}**${title}:** `;
    const start_index = text.length;
    text += snippet;
    return { title, url: section.url, start_index, end_index: text.length, snippet };
  });
  return { text, citations };
}
