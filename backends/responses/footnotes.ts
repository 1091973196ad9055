/** GFM footnotes in an answer's text, the way some agents cite (contracts section 4). */

export interface Footnote {
  ref: string;
  /** The definition's text; empty when only markers were found. */
  text: string;
}

const DEFINITION = /^\[\^([^\]\s]{1,40})\]:[ \t]*(.*(?:\n(?:[ \t]{2,}|\t).*)*)/gm;
const MARKER = /\[\^[^\]\s]{1,40}\](?!:)/g;

/** The text without definitions and markers, and the definitions in order. */
export function splitFootnotes(text: string): { text: string; notes: Footnote[] } {
  if (!text.includes("[^")) return { text, notes: [] };
  const notes: Footnote[] = [];
  const body = text.replace(DEFINITION, (_whole, ref: string, note: string) => {
    notes.push({ ref, text: note.replace(/\s+/g, " ").trim() });
    return "";
  });
  const clean = body
    .replace(MARKER, "")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd();
  return { text: clean, notes };
}
