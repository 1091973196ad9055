/** Types of the library, which ships none. */
declare module "ml-logistic-regression" {
  import type { Matrix } from "ml-matrix";
  export default class LogisticRegression {
    constructor(options?: { numSteps?: number; learningRate?: number });
    /** `weights` is a row vector; the trained probability is sigmoid(features x weights). */
    classifiers: { weights: Matrix }[];
    train(features: Matrix, target: Matrix): void;
    toJSON(): unknown;
  }
}
