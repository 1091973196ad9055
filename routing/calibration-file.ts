/** The calibration of the local tier on disk: `router calibrate` writes it, the router reads it when it is built. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ConfigError } from "../config/config-error.ts";

export const CalibrationFile = z.strictObject({
  /** Divides the log-odds of the local tier's confidence. */
  temperature: z.number().positive(),
  /** Tempered confidence from which it decides alone; null: there were not enough labels, so never. */
  threshold: z.number().min(0).max(1).nullable(),
  /** Wanted share of right decisions. */
  target: z.number().gt(0).lt(1),
  /** Probability with which the target may be missed. */
  delta: z.number().gt(0).lt(1),
  /** Labelled questions. */
  n: z.number().int().min(0),
  achievable: z.boolean(),
});
export type CalibrationFile = z.infer<typeof CalibrationFile>;

/** Null without a path or before the first calibration. Throws `ConfigError` for a file that cannot be understood. */
export function readCalibration(file: string | undefined): CalibrationFile | null {
  if (file === undefined || !existsSync(file)) return null;
  const parsed = CalibrationFile.safeParse(parse(readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data;
  throw new ConfigError([
    {
      file,
      line: null,
      path: "routing.calibration_file",
      found: "something else",
      expected: "what `npm run router -- calibrate` writes",
      fix: "Run `npm run router -- calibrate` again, or remove the file.",
    },
  ]);
}

export function writeCalibration(file: string, calibration: CalibrationFile): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(calibration, null, 2)}\n`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
