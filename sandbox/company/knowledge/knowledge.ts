/** The knowledge assistant: BM25 over the sections of the documents, extractive answers with citations. */
import MiniSearch from "minisearch";
import type { AnsweringPart, CitedAnswer } from "../contract.ts";
import type { Library, Section } from "./library.ts";
import { bestSentences, contentWords } from "./passages.ts";

const MOST_PASSAGES = 4;
const SENTENCES = 3;
/** A passage counts while its score is this share of the best one's. */
const RELATIVE_SCORE = 0.45;
/** Share of the question's words that the best passage must know. */
const LEAST_COVERAGE = 0.34;
const NOTHING =
  "I found nothing about that in the documents. They cover policies and playbooks: retention, pricing and discounts, refunds, billing, support and service levels, security, data protection, renewals, onboarding, partners and internal rules.";

export function createKnowledge(library: Library): AnsweringPart {
  const byId = new Map(library.sections.map((section) => [section.id, section]));
  const index = new MiniSearch<Section>({
    fields: ["document", "heading", "text"],
    tokenize: contentWords,
    processTerm: (term) => term,
    searchOptions: { boost: { document: 2, heading: 2.5 }, prefix: (term) => term.length > 4, fuzzy: (term) => (term.length > 6 ? 0.15 : false) },
  });
  index.addAll(library.sections);
  return {
    async answer({ question }) {
      const words = new Set(contentWords(question));
      const hits = index.search(question);
      const best = hits[0];
      if (!best || coverage(best.queryTerms, words) < LEAST_COVERAGE) return { text: NOTHING, citations: [], custom_outputs: { passages: 0 } };
      const sections = hits
        .filter((hit) => hit.score >= RELATIVE_SCORE * best.score)
        .slice(0, MOST_PASSAGES)
        .flatMap((hit) => byId.get(String(hit.id)) ?? []);
      return { ...compose(sections, words), custom_outputs: { passages: sections.length } };
    },
  };
} // prettier-ignore

function coverage(found: readonly string[], words: ReadonlySet<string>): number {
  return words.size === 0 ? 0 : new Set(found).size / words.size;
}

/** One paragraph per passage; each citation spans its paragraph's sentences. */
function compose(sections: readonly Section[], words: ReadonlySet<string>): CitedAnswer {
  let text = "";
  const citations = sections.map((section) => {
    const snippet = bestSentences(section.text, words, SENTENCES).join(" ");
    text += `${text ? "\n\n" : ""}**${section.document} – ${section.heading}:** `;
    const start_index = text.length;
    text += snippet;
    return { title: `${section.document} – ${section.heading}`, url: section.url, start_index, end_index: text.length, snippet };
  });
  return { text, citations };
} // prettier-ignore
