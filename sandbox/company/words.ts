/** Cuts a text into words with positions, in a form in which singular and plural are the same. */

export interface Word {
  /** Lower case, without possessive and plural endings. */
  key: string;
  raw: string;
  start: number;
  end: number;
  /** Whether a comma, colon or the like stands before it: phrases do not run across. */
  afterBreak: boolean;
}

const WORD = /\d[\d,]*(?:\.\d+)?[kKmM]?\b|[\p{L}\d&]+(?:['’]s\b)?/gu;

export function wordsOf(text: string): Word[] {
  let last = 0;
  return [...text.matchAll(WORD)].map((match) => {
    const afterBreak = /[,;:?!()\n]|\.\s/.test(text.slice(last, match.index));
    last = match.index + match[0].length;
    return { key: wordKey(match[0]), raw: match[0], start: match.index, end: last, afterBreak };
  });
}

export function wordKey(word: string): string {
  const plain = word.toLowerCase().replace(/['’]s$/, "");
  if (plain.length > 4 && plain.endsWith("ies")) return `${plain.slice(0, -3)}y`;
  if (plain.length > 4 && /(?:ss|x|ch)es$/.test(plain)) return plain.slice(0, -2);
  if (plain.length > 3 && plain.endsWith("s") && !plain.endsWith("ss")) return plain.slice(0, -1);
  return plain;
}
