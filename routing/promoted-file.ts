/** Labelled questions on disk, one JSON object per line; the router learns them when it is built. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { ConfigError } from "../config/config-error.ts";

/** No backends: none of them answers it. */
const Label = z.object({ text: z.string().min(1), backends: z.array(z.string()) });
export type Label = z.infer<typeof Label>;

/** Empty without a path or a file. Throws `ConfigError` naming the first line that is wrong. */
export function readPromoted(file: string | undefined): Label[] {
  if (file === undefined || !existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line, index) => (line.trim() === "" ? [] : [labelIn(line, file, index + 1)]));
}

export function appendPromoted(file: string, labels: readonly Label[]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, labels.map((label) => `${JSON.stringify(label)}\n`).join(""));
}

function labelIn(line: string, file: string, number: number): Label {
  const parsed = Label.safeParse(parse(line));
  if (parsed.success) return parsed.data;
  throw new ConfigError([
    {
      file,
      line: number,
      path: "routing.promoted_file",
      found: line.slice(0, 80),
      expected: 'an object such as {"text": "…", "backends": ["…"]}',
      fix: "Correct or remove the line.",
    },
  ]);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
