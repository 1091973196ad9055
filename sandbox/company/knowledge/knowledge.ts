/** The knowledge assistant: extractive answers from the documents, each passage with its citation. */
import type { AnsweringPart, CitedAnswer } from "../contract.ts";
import type { Library } from "./library.ts";
import { excerpt } from "./passages.ts";
import { createRetrieval, type Retrieved } from "./retrieval.ts";

const SENTENCES = 4;
/** Results of earlier steps name several things to look up. */
const SENTENCES_WITH_CONTEXT = 6;
const NOTHING =
  "I found nothing about that in the documents. They cover policies and playbooks: retention, pricing and discounts, refunds, billing, support and service levels, security, data protection, renewals, onboarding, partners and internal rules.";

export function createKnowledge(library: Library): AnsweringPart {
  const retrieve = createRetrieval(library.sections);
  return {
    async answer({ question, context }) {
      const found = retrieve(question, context);
      const passages = found.sections.length;
      if (passages === 0) return { text: NOTHING, citations: [], custom_outputs: { passages } };
      const sentences = context.length > 0 ? SENTENCES_WITH_CONTEXT : SENTENCES;
      return { ...compose(found, sentences), custom_outputs: { passages } };
    },
  };
}

/** One paragraph per passage; each citation spans its paragraph's sentences. */
function compose({ sections, weights }: Retrieved, sentences: number): CitedAnswer {
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
