/** Many sparse vectors in three flat arrays (compressed rows), as the trainers read them. */
import type { Vectorizer } from "./vectorizer.ts";

export interface SparseRows {
  /** Row `i` occupies `ids[starts[i] .. starts[i + 1])` and the same places of `values`. */
  starts: Uint32Array;
  ids: Uint32Array;
  values: Float32Array;
  rows: number;
  features: number;
}

export function vectorizeAll(vectorizer: Vectorizer, texts: readonly string[]): SparseRows {
  const starts = new Uint32Array(texts.length + 1);
  let ids = new Uint32Array(texts.length * 256);
  let values = new Float32Array(ids.length);
  let used = 0;
  texts.forEach((text, row) => {
    const vector = vectorizer.vectorize(text);
    if (used + vector.length > ids.length) {
      const capacity = (used + vector.length) * 2;
      ids = grow(ids, new Uint32Array(capacity));
      values = grow(values, new Float32Array(capacity));
    }
    ids.set(vector.ids.subarray(0, vector.length), used);
    values.set(vector.values.subarray(0, vector.length), used);
    used += vector.length;
    starts[row + 1] = used;
  });
  return {
    starts,
    ids: ids.slice(0, used),
    values: values.slice(0, used),
    rows: texts.length,
    features: vectorizer.size,
  };
}

function grow<T extends Uint32Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
