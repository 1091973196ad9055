/** Interval of a mean difference between two runs over the same cases; related cases are drawn together. */
import { quantile } from "./quantile.ts";
import { seededRandom } from "../../routing/random.ts";
import type { Interval } from "./wilson.ts";

export interface Pair {
  cluster: string;
  before: number;
  after: number;
}

export interface Difference extends Interval {
  mean: number;
}

export interface BootstrapOptions {
  rounds?: number;
  seed?: number;
  /** Share inside the interval. */
  level?: number;
}

/** `after - before`, with a percentile interval. NaN for no pairs. */
export function pairedBootstrap(pairs: readonly Pair[], options: BootstrapOptions = {}): Difference {
  const { rounds = 10_000, seed = 1, level = 0.95 } = options;
  const clusters = [...groupBy(pairs).values()];
  const random = seededRandom(seed);
  const means: number[] = [];
  for (let round = 0; round < rounds && clusters.length > 0; round += 1) {
    let [sum, count] = [0, 0];
    for (let i = 0; i < clusters.length; i += 1) {
      const drawn = clusters[Math.floor(random() * clusters.length)];
      sum += drawn?.sum ?? 0;
      count += drawn?.count ?? 0;
    }
    means.push(sum / count);
  }
  const tail = (1 - level) / 2;
  const total = clusters.reduce((sum, cluster) => sum + cluster.sum, 0);
  return { mean: total / pairs.length, low: quantile(means, tail), high: quantile(means, 1 - tail) };
}

function groupBy(pairs: readonly Pair[]): Map<string, { sum: number; count: number }> {
  const groups = new Map<string, { sum: number; count: number }>();
  for (const { cluster, before, after } of pairs) {
    const group = groups.get(cluster) ?? { sum: 0, count: 0 };
    groups.set(cluster, { sum: group.sum + after - before, count: group.count + 1 });
  }
  return groups;
}
