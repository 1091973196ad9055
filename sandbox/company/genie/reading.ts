/** A question being read: its terms, what has been understood so far, and a look around from any term. */
import { emptyDraft, type Draft } from "./draft.ts";
import type { Term } from "./terms.ts";

type Kind = Term["kind"];

export class Reading {
  readonly terms: readonly Term[];
  readonly draft: Draft;
  /** Terms that an earlier one has taken along. */
  readonly handled = new Set<number>();
  /** Negations, numbers and comparators that had an effect. */
  readonly used = new Set<number>();

  constructor(terms: readonly Term[]) {
    this.terms = terms;
    this.draft = emptyDraft(terms);
  }

  /** The nearest term before `i` that is of none of the skipped kinds. */
  before(i: number, ...skipped: readonly Kind[]): Term | undefined {
    return this.terms.slice(0, i).findLast((term) => !skipped.includes(term.kind));
  }

  /** Whether an earlier term is of one of the kinds. */
  follows(i: number, ...kinds: readonly Kind[]): boolean {
    return this.terms.slice(0, i).some((term) => kinds.includes(term.kind));
  }

  has(kind: Kind): boolean {
    return this.draft.roles.has(kind);
  }
}
