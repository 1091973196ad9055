/** What an answer is checked against: the shape of `Evidence` in backends/backend.ts, told here structurally. */

export type Cell = string | number | boolean | null;

export interface TableEvidence {
  kind: "table";
  title: string;
  columns: { name: string; type: string }[];
  rows: Cell[][];
  /** Rows that exist, not only those kept here. */
  row_count: number;
  truncated: boolean;
}

export type EvidenceLike = TableEvidence | { kind: "document" | "text"; title: string; text: string };

/** A piece of evidence under the id that citations and claims name, e.g. `s1.e1`. */
export interface EvidenceEntry {
  id: string;
  evidence: EvidenceLike;
  /** Who said it. Conflicts are looked for between different backends; without it every entry counts as its own. */
  backend?: string;
}
