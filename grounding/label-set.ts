/** What a number is said to be about: for each key column of the evidence, the labels that stand with it. */

/** Column id (`s1.e1#0`) to labels. A column without an entry is not restricted. */
export type LabelSet = ReadonlyMap<string, ReadonlySet<string>>;

export const NO_LABELS: LabelSet = new Map();

export interface LabelKey {
  column: string;
  label: string;
}

export function labelSet(keys: readonly LabelKey[]): LabelSet {
  const set = new Map<string, Set<string>>();
  for (const { column, label } of keys) set.set(column, (set.get(column) ?? new Set()).add(label));
  return set;
}

/** Whether a value about `fact` may support a statement about `stated`: they differ in no column that both name. */
export function consistent(stated: LabelSet, fact: LabelSet): boolean {
  for (const [column, labels] of stated) {
    const known = fact.get(column);
    if (known && ![...labels].some((label) => known.has(label))) return false;
  }
  return true;
}

/** Whether every column that is named names one label only. */
export function isSingular(set: LabelSet): boolean {
  return set.size > 0 && [...set.values()].every((labels) => labels.size === 1);
}
