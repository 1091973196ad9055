/** Finds for a word that no backend says the one that they use for the same thing (query expansion). */
import { SYNONYMS } from "./synonyms.ts";
import { stem } from "./words.ts";

/** Stem to the backends' own word; undefined where they say the word themselves, or have none for it. */
export type Synonyms = ReadonlyMap<string, string>;

/** `uses`: how often the backends say each stem. */
export function synonymsFor(uses: ReadonlyMap<string, number>): Synonyms {
  const theirs = new Map<string, string>();
  for (const group of SYNONYMS) {
    const said = group
      .map((word) => ({ word, count: uses.get(stem(word)) ?? 0 }))
      .sort((a, b) => b.count - a.count)[0]!;
    if (said.count === 0) continue;
    for (const word of group)
      if (!uses.has(stem(word)) && !theirs.has(stem(word))) theirs.set(stem(word), said.word);
  }
  return theirs;
}
