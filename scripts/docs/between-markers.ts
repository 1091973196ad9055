/** Replaces what stands between two marker comments of a Markdown file. Throws when a marker is missing. */
export function betweenMarkers(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const start = text.indexOf(open);
  const end = text.indexOf(close);
  if (start < 0 || end < start) throw new Error(`the markers of "${name}" are missing: ${open} ... ${close}`);
  return `${text.slice(0, start + open.length)}\n\n${content.trim()}\n\n${text.slice(end)}`;
}
