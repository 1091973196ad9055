/** Expected calibration error: how far stated probabilities are from the share that came true. */

export interface Prediction {
  probability: number;
  right: boolean;
}

/** Over equally wide bins, weighted by how many fall in each; 0 for no predictions. */
export function calibrationError(predictions: readonly Prediction[], bins = 15): number {
  const sums = Array.from({ length: bins }, () => ({ count: 0, stated: 0, right: 0 }));
  for (const { probability, right } of predictions) {
    const bin = sums[Math.min(bins - 1, Math.floor(probability * bins))]!;
    bin.count += 1;
    bin.stated += probability;
    bin.right += Number(right);
  }
  const gap = sums.reduce((sum, bin) => sum + Math.abs(bin.stated - bin.right), 0);
  return predictions.length === 0 ? 0 : gap / predictions.length;
}
