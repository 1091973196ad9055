/** Words of a text with their positions, lower-case forms and stems. */

export interface Word {
  text: string;
  lower: string;
  stem: string;
  /** Position in the text, in UTF-16 code units; `end` is exclusive. */
  start: number;
  end: number;
}

const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}'’]|[-&](?=[\p{L}\p{N}]))*/gu;

export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(WORD), (match) => {
    const lower = match[0].toLowerCase().replace("’", "'");
    return {
      text: match[0],
      lower,
      stem: stem(lower),
      start: match.index,
      end: match.index + match[0].length,
    };
  });
}

const SUFFIXES = ["ations", "ation", "ments", "ment", "ers", "er", "als", "al", "es", "ly", "s"];

/** A light English stemmer: enough to see that `cancelled`, `cancelling` and `cancellations` are one word. */
export function stem(lower: string): string {
  let word = lower.replace(/'s?$/, "").replace(/(?:iest|ier|ies)$/, "y");
  const participle = /^(.*[aeiouy].*)(?:ings?|ed)$/.exec(word)?.[1];
  const suffix = SUFFIXES.find((ending) => word.endsWith(ending) && word.length - ending.length >= 4);
  if (participle !== undefined && participle.length >= 3) word = participle;
  else if (suffix !== undefined) word = word.slice(0, -suffix.length);
  else if (word.endsWith("s") && !word.endsWith("ss") && word.length > 3) word = word.slice(0, -1);
  if (word.length > 4) word = word.replace(/[ey]$/, "");
  return word.length > 4 ? word.replace(/([bdfgklmnprt])\1$/, "$1") : word;
}
