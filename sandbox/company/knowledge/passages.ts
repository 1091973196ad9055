/** Picks the sentences of a section that say most about a question. */
import { wordsOf } from "../words.ts";
import type { Section } from "./library.ts";

const STOP = new Set(
  "a an the of in on at to for from our we us i you it is are was were be been do does did doing has have had can could should will would may might must and or but not as that this these those what which who whose when where how why with by about if than then there their they any all some my me your please tell show give explain describe say says said many much long get gets according okay want need know kind thing top one two three four five six seven eight nine ten happen happens happened consider considered define defined handle handled difference apply applies often quickly fast soon belong belongs advise advises advice recommend recommended rule rules use used make made take taken go goes against just exactly possible right now today person people thing things process look looks looking dollar dollars".split(" "),
); // prettier-ignore
/** Words count by their beginning, so that "respond" finds "response". */
const STEM = 6;

/** A section that the question names is given whole up to this length. */
const WHOLE_SECTION = 8;

/** Everyday words for what the documents call otherwise. */
const SYNONYMS: Partial<Record<string, string>> = {
  uptime: "availability",
  downtime: "availability",
  outage: "incident",
  reimbursement: "claims",
  reimbursed: "paid",
  licence: "seat",
  license: "seat",
  cancellation: "termination",
  kickback: "gifts",
  gdpr: "personal data",
};

export function contentWords(text: string): string[] {
  return wordsOf(text).flatMap(({ key }) => (STOP.has(key) ? [] : [key.slice(0, STEM)]));
}

export function questionWords(question: string): string[] {
  return contentWords(question.replace(/\p{L}+/gu, (word) => SYNONYMS[word.toLowerCase()] ?? word));
}

/** What each word of a question is worth. */
export type Weights = ReadonlyMap<string, number>;

/** The `most` best sentences and table rows, in their own order. */
export function excerpt(section: Section, weights: Weights, most: number): string {
  const sentences = sentencesOf(section.text);
  const isNamed = contentWords(section.heading).every((word) => weights.has(word));
  if (isNamed && sentences.length <= WHOLE_SECTION) return sentences.join(" ");
  const scored = sentences.map((sentence, i) => {
    const words = new Set(contentWords(sentence));
    const hits = [...weights].reduce((sum, [word, weight]) => sum + (words.has(word) ? weight : 0), 0);
    return { sentence, i, score: hits / Math.sqrt(6 + words.size) };
  });
  const best = scored.toSorted((a, b) => b.score - a.score || a.i - b.i).slice(0, most);
  const useful = best.filter((s) => s.score > 0.4 * (best[0]?.score ?? 0));
  const chosen = useful.length > 0 ? useful : best.slice(0, 2);
  return chosen
    .toSorted((a, b) => a.i - b.i)
    .map((s) => s.sentence)
    .join(" ");
}

/** Sentences of the prose; a table row becomes "column: cell, …" so that it can be read alone. */
function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let head: string[] = [];
  for (const line of text.split("\n").map((l) => l.trim())) {
    if (!line.startsWith("|")) {
      head = [];
      if (line) sentences.push(...line.replace(/^[-*] /, "").split(/(?<=[.!?])\s+(?=[A-Z"'0-9])/));
      continue;
    }
    const cells = line
      .slice(1, line.lastIndexOf("|"))
      .split("|")
      .map((cell) => cell.trim());
    if (head.length === 0) head = cells;
    else if (!/^-+$/.test(cells[0] ?? ""))
      sentences.push(`${cells.map((cell, i) => `${head[i] ?? ""}: ${cell}`).join(", ")}.`);
  }
  return sentences;
}
