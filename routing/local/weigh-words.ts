/** Which words of a piece the backend knows, and which no backend does. */
import type { Card } from "../cards.ts";
import type { Knowledge } from "../knowledge.ts";
import { isAkin } from "../text/akin.ts";
import { contentWords } from "../text/content.ts";
import { withoutIdioms } from "../text/idioms.ts";
import { properNames } from "../text/names.ts";
import { VAGUE_NOUNS } from "../text/vocabulary.ts";
import { stem, type Word } from "../text/words.ts";
import { RANKED, type EntityNouns } from "./entities.ts";

export interface WeighedWords {
  /** Content words that the backend uses of itself; things that all backends speak of do not count. */
  known: string[];
  /** Content words that no backend uses, in no form and no spelling. */
  unknown: string[];
}

/** Vague nouns count only with something that makes them definite: a name, a set, a rank. */
export function weighWords(
  text: string,
  backend: string | undefined,
  knowledge: Knowledge,
  nouns: EntityNouns,
): WeighedWords {
  const card = backend === undefined ? undefined : knowledge.card(backend);
  const names = properNames(text).join(" ").toLowerCase();
  const words = contentWords(withoutIdioms(text)).filter((word) => !nouns.stems.has(word.stem));
  const definite = isDefinite(text, names, nouns);
  const specific = words.filter((word) => definite || !VAGUE_NOUNS.has(word.lower));
  const meant = (word: Word): string => stem(knowledge.synonyms.get(word.stem) ?? word.lower);
  return {
    known: specific
      .filter((word) => card !== undefined && knows(card, meant(word)))
      .map((word) => word.lower),
    unknown: specific
      .filter(({ lower, text: raw }) => {
        return !VAGUE_NOUNS.has(lower) && !names.includes(lower) && !/^[\p{Lu}\d]+$/u.test(raw);
      })
      .filter((word) => !knowledge.cards.some((one) => knows(one, meant(word))))
      .map((word) => word.lower),
  };
}

function isDefinite(text: string, names: string, nouns: EntityNouns): boolean {
  // `last quarter` ranks nothing.
  const ranked = `${RANKED}(?!\\s+(?:week|month|quarter|year))`;
  return names !== "" || new RegExp(`\\b(?:${nouns.plural}|${ranked})\\b`, "iu").test(text);
}

function knows(card: Card, meant: string): boolean {
  return (
    card.stems.has(meant) ||
    card.terms.has(meant) ||
    [...card.stems.keys()].some((known) => isAkin(meant, known))
  );
}
