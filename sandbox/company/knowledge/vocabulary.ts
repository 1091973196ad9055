/** How telling a word is: rare words of the documents weigh most. */
import type { Section } from "./library.ts";
import { contentWords } from "./passages.ts";

export interface Vocabulary {
  has(word: string): boolean;
  /** Inverse document frequency. */
  weight(word: string): number;
}

/** Words that no document has weigh as much as rare ones, but for numbers, which are examples. */
const UNKNOWN = 5;
const UNKNOWN_NUMBER = 1;

export function vocabularyOf(sections: readonly Section[]): Vocabulary {
  const counts = new Map<string, number>();
  for (const { document, heading, text } of sections) {
    for (const word of new Set(contentWords(`${document} ${heading} ${text}`))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return {
    has: (word) => counts.has(word),
    weight(word) {
      const count = counts.get(word);
      if (count === undefined) return /^[\d,.]+$/.test(word) ? UNKNOWN_NUMBER : UNKNOWN;
      return Math.log(1 + sections.length / (0.5 + count));
    },
  };
}
