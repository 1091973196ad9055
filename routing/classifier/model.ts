/** A trained text classifier: probabilities per label, and its whole state as plain JSON. */
import { bend, type ConfidenceCurve } from "./confidence-curve.ts";
import { scoreInto, softmaxInPlace, type LinearWeights } from "./linear.ts";
import { createVectorizer, type Vocabulary } from "./vectorizer.ts";

export interface LabelProbability {
  label: string;
  probability: number;
}

/** Plain JSON; the arrays are little-endian bytes in base64. */
export interface SerializedClassifier {
  version: 2;
  labels: string[];
  /** Index into `labels` of every class; a label has one class per sub-topic. */
  class_labels: number[];
  temperature: number;
  doubt: number;
  curve: ConfidenceCurve;
  hashes: string;
  idf: string;
  weights: string;
  bias: string;
}

export interface Classifier {
  readonly labels: readonly string[];
  readonly temperature: number;
  readonly doubt: number;
  /** Every label with its probability, likeliest first; sub-topics of a label are summed. */
  predict(text: string): LabelProbability[];
  serialize(): SerializedClassifier;
}

export interface ClassifierParts {
  labels: readonly string[];
  classLabels: readonly number[];
  vocabulary: Vocabulary;
  linear: LinearWeights;
  temperature: number;
  /** Share of probability that is spread evenly over all classes. */
  doubt: number;
  curve: ConfidenceCurve;
}

export function createClassifier(parts: ClassifierParts): Classifier {
  const { labels, classLabels, linear, temperature, doubt, curve } = parts;
  const vectorizer = createVectorizer(parts.vocabulary);
  const scores = new Float64Array(linear.classes);
  return {
    labels,
    temperature,
    doubt,
    predict(text) {
      const vector = vectorizer.vectorize(text);
      scoreInto(scores, linear, vector.ids, vector.values, 0, vector.length);
      const sorted = labelProbabilities(scores, parts);
      bend(sorted, curve);
      return sorted;
    },
    serialize: () => ({
      version: 2,
      labels: [...labels],
      class_labels: [...classLabels],
      temperature,
      doubt,
      curve,
      hashes: encode(parts.vocabulary.hashes),
      idf: encode(parts.vocabulary.idf),
      weights: encode(linear.weights),
      bias: encode(linear.bias),
    }),
  };
}

/** Likeliest first; overwrites `scores`. */
export function labelProbabilities(
  scores: Float64Array,
  { labels, classLabels, temperature, doubt }: Omit<ClassifierParts, "vocabulary" | "linear" | "curve">,
): LabelProbability[] {
  softmaxInPlace(scores, temperature);
  const sums = labels.map((label) => ({ label, probability: 0 }));
  const even = doubt / scores.length;
  for (let c = 0; c < scores.length; c++)
    sums[classLabels[c]!]!.probability += (1 - doubt) * scores[c]! + even;
  return sums.sort((a, b) => b.probability - a.probability);
}

/** The inverse of `serialize`. */
export function restoreClassifier(state: SerializedClassifier): Classifier {
  const bias = new Float32Array(decode(state.bias));
  return createClassifier({
    labels: state.labels,
    classLabels: state.class_labels,
    temperature: state.temperature,
    doubt: state.doubt,
    curve: state.curve,
    vocabulary: { hashes: new Uint32Array(decode(state.hashes)), idf: new Float32Array(decode(state.idf)) },
    linear: { classes: bias.length, weights: new Float32Array(decode(state.weights)), bias },
  });
}

function encode(array: Uint32Array | Float32Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}

function decode(text: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(text, "base64")).buffer;
}
