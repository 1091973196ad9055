/** Reads labelled questions: `{text, backends}` per line, or single-turn cases of the evaluations. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Label } from "../../routing/promoted-file.ts";

const Line = z.union([
  z.object({ text: z.string().min(1), backends: z.array(z.string()) }),
  z
    .object({ input: z.string().min(1), expect: z.object({ backends: z.array(z.string()) }) })
    .transform(({ input, expect }) => ({ text: input, backends: expect.backends })),
  z.object({ messages: z.array(z.unknown()) }).transform(() => null),
]);

/** Conversations are left out: calibration is about questions out of context. Throws `TypeError` naming the line. */
export function readLabels(file: string): Label[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      if (line.trim() === "") return [];
      const parsed = Line.safeParse(parse(line));
      if (!parsed.success) throw new TypeError(`${file}, line ${index + 1} is no labelled question.`);
      return parsed.data === null ? [] : [parsed.data];
    });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
