/** Trains the local classifier from labelled texts; sub-topics become classes of their own, summed per label. */
import { seededRandom, shuffle } from "../random.ts";
import { scoreInto, type LinearWeights } from "./linear.ts";
import { createClassifier, type Classifier } from "./model.ts";
import { trainOneVsRest } from "./one-vs-rest.ts";
import { trainSoftmax } from "./softmax.ts";
import { vectorizeAll, type SparseRows } from "./sparse.ts";
import { fitTemperature, type HeldOut } from "./temperature.ts";
import { createVectorizer, fitVocabulary } from "./vectorizer.ts";

export interface Example {
  label: string;
  topic?: string;
  text: string;
  /** How much the example counts; 1 unless told. */
  weight?: number;
}

export interface TrainOptions {
  method?: "softmax" | "one_vs_rest";
  epochs?: number;
  rate?: number;
  decay?: number;
  /** For `one_vs_rest`. */
  cost?: number;
  /** Texts in which a feature must occur; 2 from 2,000 examples on, else 1. */
  minTexts?: number;
  /** Folds of the cross-validation behind the temperature; below 2 the temperature stays 1. */
  folds?: number;
  seed?: number;
}

interface Problem {
  rows: SparseRows;
  targets: Uint16Array;
  importance: Float32Array;
  classes: number;
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
  const everything = Uint32Array.from(examples.keys());
  const temperature = fitTemperature(crossValidate(problem, classLabels, options));
  return createClassifier({
    labels,
    classLabels,
    vocabulary,
    linear: fit(problem, everything, options),
    temperature,
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
  const seed = options.seed ?? 1;
  if (options.method === "one_vs_rest") {
    const settings = { epochs: options.epochs ?? 10, cost: options.cost ?? 1, seed };
    return trainOneVsRest(rows, targets, importance, classes, order, settings);
  }
  const settings = {
    epochs: options.epochs ?? epochsFor(order.length),
    rate: options.rate ?? 2,
    decay: options.decay ?? 1e-5,
    seed,
  };
  return trainSoftmax(rows, targets, importance, classes, order, settings);
}

/** Few examples need more passes to settle. */
function epochsFor(examples: number): number {
  return Math.max(10, Math.min(60, Math.round(20_000 / Math.max(1, examples))));
}

/** Scores of every example by a model that has not seen it. */
function crossValidate(problem: Problem, classLabels: readonly number[], options: TrainOptions): HeldOut[] {
  const total = problem.rows.rows;
  const folds = Math.min(options.folds ?? 5, total);
  if (folds < 2) return [];
  const held: HeldOut[] = [];
  const fold = assignFolds(problem.targets, folds, options.seed ?? 1);
  for (let k = 0; k < folds; k++) {
    const training = Uint32Array.from(fold.keys()).filter((row) => fold[row] !== k);
    const model = fit(problem, training, options);
    for (let row = 0; row < total; row++) {
      if (fold[row] !== k) continue;
      const scores = new Float64Array(problem.classes);
      const { starts, ids, values } = problem.rows;
      scoreInto(scores, model, ids, values, starts[row]!, starts[row + 1]!);
      const label = classLabels[problem.targets[row]!]!;
      const right = [...classLabels.keys()].filter((c) => classLabels[c] === label);
      held.push({ scores, right, weight: problem.importance[row]! });
    }
  }
  return held;
}

/** Deals the examples of every class round-robin over the folds, after a seeded shuffle. */
function assignFolds(targets: Uint16Array, folds: number, seed: number): Uint8Array {
  const fold = new Uint8Array(targets.length);
  const seen = new Map<number, number>();
  for (const row of shuffle(Uint32Array.from(targets.keys()), seededRandom(seed))) {
    const next = seen.get(targets[row]!) ?? 0;
    fold[row] = next % folds;
    seen.set(targets[row]!, next + 1);
  }
  return fold;
}
