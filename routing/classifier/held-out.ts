/** Scores of texts by a model that has not seen them: what the temperature is fitted to. */
import { seededRandom, shuffle } from "../random.ts";
import { scoreInto, type LinearWeights } from "./linear.ts";
import type { SparseRows } from "./sparse.ts";
import type { HeldOut } from "./temperature.ts";
import { createVectorizer, type Vocabulary } from "./vectorizer.ts";

export interface Problem {
  rows: SparseRows;
  /** Class of each row. */
  targets: Uint16Array;
  /** How much each row counts. */
  importance: Float32Array;
  classes: number;
}

/** Rows from which one number is known well enough: large sets need no second round. */
const ENOUGH = 600;

/** `train` fits a model to the rows it is given; every fold is scored by one that has not seen it. */
export function crossValidate(
  problem: Problem,
  classLabels: readonly number[],
  folds: number,
  seed: number,
  train: (rows: Uint32Array) => LinearWeights,
): HeldOut[] {
  if (folds < 2) return [];
  const { starts, ids, values, rows: total } = problem.rows;
  const held: HeldOut[] = [];
  const fold = assignFolds(problem.targets, folds, seed);
  for (let k = 0; k < folds && held.length < ENOUGH; k++) {
    const model = train(Uint32Array.from(fold.keys()).filter((row) => fold[row] !== k));
    for (let row = 0; row < total; row++) {
      if (fold[row] !== k) continue;
      const scores = new Float64Array(problem.classes);
      scoreInto(scores, model, ids, values, starts[row]!, starts[row + 1]!);
      const right = classesOf(classLabels[problem.targets[row]!]!, classLabels);
      held.push({ scores, right, weight: problem.importance[row]! });
    }
  }
  return held;
}

/** Texts that were set aside; labels that training does not know are left out. */
export function scoreAside(
  examples: readonly { label: string; text: string; weight?: number }[],
  labels: readonly string[],
  classLabels: readonly number[],
  vocabulary: Vocabulary,
  model: LinearWeights,
): HeldOut[] {
  const vectorizer = createVectorizer(vocabulary);
  return examples
    .filter((example) => labels.includes(example.label))
    .map(({ label, text, weight = 1 }) => {
      const vector = vectorizer.vectorize(text);
      const scores = new Float64Array(model.classes);
      scoreInto(scores, model, vector.ids, vector.values, 0, vector.length);
      return { scores, right: classesOf(labels.indexOf(label), classLabels), weight };
    });
}

/** A label is right in each of its sub-topics. */
function classesOf(label: number, classLabels: readonly number[]): number[] {
  return [...classLabels.keys()].filter((c) => classLabels[c] === label);
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
