/** Where a label goes: a question trains the router or tests it, never both; its hash decides once and for all. */
import type { Label } from "../../routing/promoted-file.ts";
import type { Case } from "../case.ts";
import type { Candidate } from "./candidate.ts";

export interface Labelled {
  /** For `routing.promoted_file`. */
  train: Label[];
  /** For the dataset of questions from production. */
  test: Case[];
  unlabelled: number;
}

/** A fifth of all questions tests. */
export function isForTest(hash: string): boolean {
  return Number.parseInt(hash.slice(0, 8), 16) % 5 === 0;
}

/** `taken`: hashes that stand in a test set or in the promoted file already; they are left out. */
export function sortLabels(
  candidates: readonly Candidate[],
  taken: ReadonlySet<string>,
  acceptCorrections: boolean,
): Labelled {
  const sorted: Labelled = { train: [], test: [], unlabelled: 0 };
  for (const candidate of candidates) {
    const backends = candidate.label?.backends ?? (acceptCorrections ? candidate.proposed : null);
    if (backends === null) sorted.unlabelled += 1;
    else if (taken.has(candidate.hash)) continue;
    else if (isForTest(candidate.hash)) sorted.test.push(caseOf(candidate, backends));
    else sorted.train.push({ text: candidate.question, backends });
  }
  return sorted;
}

function caseOf({ hash, question, source }: Candidate, backends: string[]): Case {
  const kind = backends.length === 0 ? "refuse" : "plan";
  return {
    id: `prod-${hash.slice(0, 12)}`,
    cluster: `prod-${hash.slice(0, 12)}`,
    split: "heldout",
    category: "production",
    input: question,
    expect: {
      kind,
      backends,
      edges: [],
      optional_edges: [],
      numbers: [],
      contains: [],
      facts: [],
      guidelines: [],
      clarify: false,
      refuse: kind === "refuse",
    },
    source: { kind: "prod", trace_id: source.response_id },
  };
}
