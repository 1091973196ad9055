/** Whether the router got worse: exact counts over the same questions, nothing to be explained by chance. */
import type { DecidedCase } from "./decide-cases.ts";

export interface GateResult {
  passed: boolean;
  /** One sentence per metric. */
  sentences: string[];
  /** Ids that were right before and are wrong now. */
  lost: string[];
  /** Ids of the baseline that were not asked. */
  gone: string[];
}

/** New cases do not count; fails when fewer are routed or planned right, or when one of the baseline was not asked. */
export function gateRouting(before: readonly DecidedCase[], after: readonly DecidedCase[]): GateResult {
  const now = new Map(after.map((decided) => [decided.id, decided]));
  const pairs = before.flatMap((decided) => {
    const later = now.get(decided.id);
    return later === undefined ? [] : [{ before: decided, after: later }];
  });
  const counted = [
    count("routing", pairs, ({ route }) => route.correct),
    count("plans", pairs, ({ plan }) => plan.exact),
  ];
  const gone = before.filter(({ id }) => !now.has(id)).map(({ id }) => id);
  const lost = pairs.filter((pair) => pair.before.plan.exact && !pair.after.plan.exact);
  return {
    passed: pairs.length > 0 && gone.length === 0 && counted.every(({ difference }) => difference >= 0),
    sentences: counted.map(({ sentence }) => sentence),
    lost: lost.map((pair) => pair.before.id),
    gone,
  };
}

function count(
  metric: string,
  pairs: readonly { before: DecidedCase; after: DecidedCase }[],
  right: (decided: DecidedCase) => boolean,
) {
  const before = pairs.filter((pair) => right(pair.before)).length;
  const after = pairs.filter((pair) => right(pair.after)).length;
  const sentence = `${metric}: ${after} of ${pairs.length} right, ${before} in the baseline`;
  return { difference: after - before, sentence };
}
