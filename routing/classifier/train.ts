/** Trains the local classifier from labelled texts; sub-topics become classes of their own, summed per label. */
import { fitCurve, type Claim } from "./confidence-curve.ts";
import { crossValidate, scoreAside, type Problem } from "./held-out.ts";
import { blend, type LinearWeights } from "./linear.ts";
import { createClassifier, labelProbabilities, type Classifier } from "./model.ts";
import { trainOneVsRest } from "./one-vs-rest.ts";
import { trainSoftmax } from "./softmax.ts";
import { vectorizeAll } from "./sparse.ts";
import { fitScaling, type HeldOut, type Scaling } from "./temperature.ts";
import { createVectorizer, fitVocabulary } from "./vectorizer.ts";

export interface Example {
  label: string;
  topic?: string;
  text: string;
  /** How much the example counts; 1 unless told. */
  weight?: number;
}

export interface TrainOptions {
  /** `blend` adds up both linear models: the better of the two on every public set, at the price of one. */
  method?: "blend" | "softmax" | "one_vs_rest";
  /** Passes over the examples for the softmax. */
  epochs?: number;
  /** Texts in which a feature must occur; 2 from 2,000 examples on, else 1. */
  minTexts?: number;
  /** Folds of the cross-validation behind the temperature; below 2 the temperature stays 1. */
  folds?: number;
  /** Labelled texts set aside for the temperature, instead of cross-validation. */
  heldOut?: readonly Example[];
  seed?: number;
}

/** Throws a RangeError without examples. */
export function trainClassifier(examples: readonly Example[], options: TrainOptions = {}): Classifier {
  if (examples.length === 0) throw new RangeError("A classifier needs at least one example.");
  const texts = examples.map((example) => example.text);
  const vocabulary = fitVocabulary(texts, options.minTexts ?? (texts.length >= 2_000 ? 2 : 1));
  const { labels, classLabels, targets } = classesOf(examples);
  const problem: Problem = {
    rows: vectorizeAll(createVectorizer(vocabulary), texts),
    targets,
    importance: Float32Array.from(examples, (example) => example.weight ?? 1),
    classes: classLabels.length,
  };
  const linear = fit(problem, Uint32Array.from(examples.keys()), options);
  const folds = Math.min(options.folds ?? 5, texts.length);
  const held =
    options.heldOut === undefined
      ? crossValidate(problem, classLabels, folds, options.seed ?? 1, (rows) => fit(problem, rows, options))
      : scoreAside(options.heldOut, labels, classLabels, vocabulary, linear);
  const scaling = fitScaling(held);
  const curve = fitCurve(claimsOf(held, labels, classLabels, scaling));
  return createClassifier({ labels, classLabels, vocabulary, linear, ...scaling, curve });
}

function claimsOf(
  held: readonly HeldOut[],
  labels: readonly string[],
  classLabels: readonly number[],
  scaling: Scaling,
): Claim[] {
  return held.map(({ scores, right, weight }) => {
    const [first] = labelProbabilities(scores.slice(), { labels, classLabels, ...scaling });
    const answer = labels[classLabels[right[0] ?? 0] ?? 0];
    return { probability: first?.probability ?? 0, right: first?.label === answer, weight };
  });
}

function classesOf(examples: readonly Example[]): {
  labels: string[];
  classLabels: number[];
  targets: Uint16Array;
} {
  const labels = [...new Set(examples.map((example) => example.label))];
  const keys = new Map<string, number>();
  const classLabels: number[] = [];
  const targets = Uint16Array.from(examples, (example) => {
    const key = JSON.stringify([example.label, example.topic ?? ""]);
    const known = keys.get(key);
    if (known !== undefined) return known;
    keys.set(key, classLabels.length);
    return classLabels.push(labels.indexOf(example.label)) - 1;
  });
  return { labels, classLabels, targets };
}

function fit(problem: Problem, order: Uint32Array, options: TrainOptions): LinearWeights {
  const { rows, targets, importance, classes } = problem;
  const { method = "blend", seed = 1, epochs = epochsFor(order.length) } = options;
  const softmax = (): LinearWeights =>
    trainSoftmax(rows, targets, importance, classes, order, { epochs, rate: 2, decay: DECAY, seed });
  const oneVsRest = (): LinearWeights =>
    trainOneVsRest(rows, targets, importance, classes, order, {
      epochs: order.length < MANY ? 6 : 10,
      cost: 1,
      seed,
    });
  if (method === "softmax") return softmax();
  return method === "one_vs_rest" ? oneVsRest() : blend(softmax(), oneVsRest());
}

const DECAY = 3e-6;

/** From so many examples on more passes still gain something. */
const MANY = 5_000;

/** A handful of examples needs many passes to settle. */
function epochsFor(examples: number): number {
  const least = examples < MANY ? 8 : 12;
  return Math.max(least, Math.min(60, Math.round(8_000 / Math.max(1, examples))));
}
