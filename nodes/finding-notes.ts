/** What a reader must know of how findings came about, as a block after the answer. Pure. */
import { title } from "./compose.ts";
import type { Finding } from "./state.ts";

/** Empty when there is nothing to tell. Begins with its own white space, as it follows the answer. */
export function notesBlock(findings: Finding[]): string {
  const lines = findings.flatMap(({ backend, notes = [] }) =>
    notes.map((note) => `- ${title(backend)}: ${note}`),
  );
  return lines.length === 0 ? "" : `\n\n*Note:*\n\n${lines.join("\n")}`;
}
