/** Wilson score interval of a share. */

export interface Interval {
  low: number;
  high: number;
}

/** 95 % unless another normal quantile is given; the whole range where nothing was counted. */
export function wilson(successes: number, total: number, z = 1.959_963_984_540_054): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const share = successes / total;
  const z2 = z * z;
  const middle = (share + z2 / (2 * total)) / (1 + z2 / total);
  const half = (z * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total))) / (1 + z2 / total);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
