/** Cuts a text into pieces as a model would stream it. */

/** Pieces of about four words; joined they are the text. Long texts get longer pieces, about 400 at most. */
export function chunks(text: string): string[] {
  const words = text.match(/\s*\S+\s*/g) ?? (text ? [text] : []);
  const size = Math.max(4, Math.ceil(words.length / 400));
  const pieces: string[] = [];
  for (let i = 0; i < words.length; i += size) pieces.push(words.slice(i, i + size).join(""));
  return pieces;
}
