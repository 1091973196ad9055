/** Trains the product's classifier on a suite and measures it: accuracy, foreign questions, calibration, time. */
import { trainClassifier, type TrainOptions } from "../../routing/classifier/train.ts";
import { auroc, type Auroc } from "../stats/auroc.ts";
import { calibrationError } from "../stats/calibration-error.ts";
import { quantile } from "../stats/quantile.ts";
import { wilson, type Interval } from "../stats/wilson.ts";
import type { Suite } from "./suite.ts";

export type Method = NonNullable<TrainOptions["method"]>;

export interface BenchRow {
  suite: string;
  method: Method;
  classes: number;
  questions: number;
  accuracy: Interval & { value: number };
  /** Null where the suite has no questions of no class. */
  foreign: Auroc | null;
  calibration_error: number;
  /** Microseconds for one question. */
  p50_us: number;
  p95_us: number;
  train_ms: number;
}

/** `now` in milliseconds with fractions. */
export function measure(suite: Suite, method: Method, now: () => number): BenchRow {
  const started = now();
  const heldOut = suite.validation === null ? {} : { heldOut: suite.validation };
  const classifier = trainClassifier(suite.train, { method, ...heldOut });
  const train_ms = now() - started;
  const ask = (text: string) => {
    const from = now();
    const top = classifier.predict(text)[0];
    return { top, us: (now() - from) * 1_000 };
  };
  for (const { text } of suite.test.slice(0, 500)) ask(text);
  const asked = suite.test.map((example) => ({ example, ...ask(example.text) }));
  const predictions = asked.map(({ example, top }) => ({
    probability: top?.probability ?? 0,
    right: top?.label === example.label,
  }));
  const hits = predictions.filter(({ right }) => right).length;
  const foreign = suite.foreign.map((text) => classifier.predict(text)[0]?.probability ?? 0);
  const known = predictions.map(({ probability }) => probability);
  return {
    suite: suite.name,
    method,
    classes: new Set(suite.train.map(({ label, topic }) => JSON.stringify([label, topic]))).size,
    questions: suite.test.length,
    accuracy: { value: hits / predictions.length, ...wilson(hits, predictions.length) },
    foreign: foreign.length === 0 ? null : auroc(known, foreign),
    calibration_error: calibrationError(predictions),
    p50_us: quantile(
      asked.map(({ us }) => us),
      0.5,
    ),
    p95_us: quantile(
      asked.map(({ us }) => us),
      0.95,
    ),
    train_ms,
  };
}
