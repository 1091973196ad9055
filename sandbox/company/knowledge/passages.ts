/** Picks the sentences of a section that say most about a question. */
import { wordsOf } from "../words.ts";

const STOP = new Set(
  "a an the of in on at to for from our we us i you it is are was were be do does did has have can could should will would may and or but not as that this what which who when where how why with by about if than then there their they any all some my me your please tell show give explain describe say many much long".split(" "),
); // prettier-ignore

export function contentWords(text: string): string[] {
  return wordsOf(text)
    .map((word) => word.key)
    .filter((key) => !STOP.has(key));
}

/** Up to `count` sentences or table rows in their own order; the heading's words count as known. */
export function bestSentences(text: string, question: ReadonlySet<string>, count: number): string[] {
  const sentences = sentencesOf(text);
  const scored = sentences.map((sentence, i) => {
    const keys = new Set(contentWords(sentence));
    const hits = [...question].filter((word) => keys.has(word)).length;
    return { sentence, i, score: hits / Math.sqrt(6 + keys.size) };
  });
  const best = scored.toSorted((a, b) => b.score - a.score || a.i - b.i).slice(0, count);
  const useful = best.filter((s) => s.score > 0);
  return (useful.length > 0 ? useful : best.slice(0, 2)).toSorted((a, b) => a.i - b.i).map((s) => s.sentence);
}

/** Sentences of the prose; a table row becomes "column: cell, …" so that it can be read alone. */
function sentencesOf(text: string): string[] {
  const blocks: string[] = [];
  let head: string[] = [];
  for (const line of text.split("\n").map((l) => l.trim())) {
    if (!line.startsWith("|")) {
      head = [];
      if (line) blocks.push(...line.replace(/^[-*] /, "").split(/(?<=[.!?])\s+(?=[A-Z"'0-9])/));
      continue;
    }
    const cells = line.slice(1, line.lastIndexOf("|")).split("|").map((cell) => cell.trim());
    if (head.length === 0) head = cells;
    else if (!/^-+$/.test(cells[0] ?? "")) blocks.push(`${cells.map((cell, i) => `${head[i] ?? ""}: ${cell}`).join(", ")}.`);
  }
  return blocks;
} // prettier-ignore
