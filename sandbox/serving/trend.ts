/** Ordinary least squares through equally spaced values. */

/** The fitted line as a function of the index, 0 being the first value. */
export function trend(values: number[]): (index: number) => number {
  const meanX = (values.length - 1) / 2;
  const meanY = values.reduce((sum, value) => sum + value, 0) / values.length;
  let covariance = 0;
  let variance = 0;
  for (const [x, y] of values.entries()) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  const slope = variance === 0 ? 0 : covariance / variance;
  return (index) => meanY + slope * (index - meanX);
}
