/** A table of phrases: finds the longest one that starts at a word. */
import { wordsOf, type Word } from "./words.ts";

export interface Found<T> {
  term: T;
  /** How many words the phrase has. */
  length: number;
}

const NAME_LENGTH = 4;

export class Lexicon<T> {
  readonly #phrases = new Map<string, T>();
  #longest = 1;

  /** The first meaning of a phrase stays. */
  add(phrase: string, term: T): void {
    const keys = wordsOf(phrase).map((word) => word.key);
    this.#longest = Math.max(this.#longest, keys.length);
    const key = keys.join(" ");
    if (!this.#phrases.has(key)) this.#phrases.set(key, term);
  }

  /** Every single word of the phrases. */
  vocabulary(): Set<string> {
    return new Set([...this.#phrases.keys()].flatMap((phrase) => phrase.split(" ")));
  }

  at(words: readonly Word[], index: number): Found<T> | null {
    // A long phrase is a name: "Europe, Middle East and Africa".
    for (let length = Math.min(this.#longest, words.length - index); length > 0; length -= 1) {
      const phrase = words.slice(index, index + length);
      if (length < NAME_LENGTH && phrase.some((word, k) => k > 0 && word.afterBreak)) continue;
      const term = this.#phrases.get(phrase.map((word) => word.key).join(" "));
      if (term !== undefined) return { term, length };
    }
    return null;
  }
}
