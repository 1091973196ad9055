/** GFM footnotes in an answer's text, the way some agents cite (contracts section 4). */

export interface Footnote {
  /** The definition's text. */
  text: string;
  /** The sentence of the answer that carries the marker; empty when there is none. */
  sentence: string;
}

const DEFINITION = /^\[\^([^\]\s]{1,40})\]:[ \t]*(.*(?:\n(?:[ \t]{2,}|\t).*)*)/gm;
const MARKER = /\[\^[^\]\s]{1,40}\](?!:)/g;

/** The text without definitions and markers, and the definitions in order. */
export function splitFootnotes(text: string): { text: string; notes: Footnote[] } {
  if (!text.includes("[^")) return { text, notes: [] };
  const found: { ref: string; text: string }[] = [];
  const body = text.replace(DEFINITION, (_whole, ref: string, note: string) => {
    found.push({ ref, text: note.replace(/\s+/g, " ").trim() });
    return "";
  });
  const notes = found.map((note) => ({ text: note.text, sentence: sentenceBefore(body, `[^${note.ref}]`) }));
  const clean = body
    .replace(MARKER, "")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd();
  return { text: clean, notes };
}

function sentenceBefore(body: string, marker: string): string {
  const at = body.indexOf(marker);
  if (at < 0) return "";
  const before = body.slice(0, at).replace(MARKER, "").trimEnd();
  // The marker may stand before or after the sentence's own full stop.
  const from = Math.max(before.lastIndexOf("\n"), before.slice(0, -1).search(/[.!?]\s+(?!.*[.!?]\s)/s));
  return before.slice(from + 1).trim();
}
