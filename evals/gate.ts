/** The floors that a run must reach, in each split by itself; where nothing was scored, nothing was reached. */
import type { FaultKind } from "./recorded/faults.ts";
import type { HonestyScore } from "./scorers/honesty.ts";
import type { Scored } from "./score-case.ts";
import { share } from "./summarize.ts";

export const METRICS = [
  "routing",
  "plans",
  "numbers",
  "citations",
  "grounding",
  "honesty",
  "stale figures",
] as const;
export type Metric = (typeof METRICS)[number];
export type Floors = Partial<Record<Metric, number>>;
export type Split = Scored["question"]["split"];

/** For live runs, whose questions may be anyone's. */
export const LIVE_FLOORS: Floors = { routing: 0.9, plans: 0.8 };

export interface Reached {
  split: Split;
  metric: Metric;
  hits: number;
  total: number;
  floor: number;
}

/** What each split reached of every metric that has a floor. `faults`: answers of backends that failed or were out of date. */
export function reached(
  scored: readonly Scored[],
  floors: Partial<Record<Split, Floors>>,
  faults: readonly { split: Split; kind: FaultKind; score: HonestyScore }[] = [],
): Reached[] {
  return Object.entries(floors).flatMap(([name, wanted]) => {
    const split = name as Split;
    const part = scored.filter(({ question }) => question.split === split);
    const struck = faults.filter((one) => one.split === split);
    const told = (stale: boolean) =>
      struck.flatMap(({ kind, score }) => ((kind === "stale") === stale ? [score.honest] : []));
    return METRICS.flatMap((metric) => {
      const floor = wanted[metric];
      if (floor === undefined) return [];
      const ofAnswers = (of: (one: Scored) => boolean | null) => part.flatMap((one) => of(one) ?? []);
      const { hits, total } = share(
        metric === "honesty" || metric === "stale figures"
          ? told(metric !== "honesty")
          : ofAnswers(OF[metric]),
      );
      return [{ split, metric, hits, total, floor }];
    });
  });
}

const OF: Record<Exclude<Metric, "honesty" | "stale figures">, (scored: Scored) => boolean | null> = {
  routing: ({ route }) => route.correct,
  plans: ({ plan }) => plan.exact,
  numbers: ({ numbers }) => numbers?.correct ?? null,
  citations: ({ citations }) => citations?.valid ?? null,
  grounding: ({ grounding }) => grounding?.grounded ?? null,
};

/** One sentence per floor that was missed. */
export function missedFloors(list: readonly Reached[]): string[] {
  return list.flatMap(({ split, metric, hits, total, floor }) => {
    const name = metric.charAt(0).toUpperCase() + metric.slice(1);
    const wanted = `the floor is ${(floor * 100).toFixed(0)} %.`;
    if (total === 0) return [`${name}: nothing was scored in ${split}; ${wanted}`];
    if (hits / total >= floor) return [];
    return [
      `${name} reached ${((hits / total) * 100).toFixed(1)} % (${hits} of ${total}) in ${split}; ${wanted}`,
    ];
  });
}
