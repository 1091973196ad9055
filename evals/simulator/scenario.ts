/** A user to play: what they want, who they are, how they behave. One JSON object per line of a scenarios file. */
import { readFileSync } from "node:fs";
import { z } from "zod";

export const Scenario = z.strictObject({
  id: z.string().min(1),
  goal: z.string().min(1),
  persona: z.string().default("An analyst who knows the business and not the systems behind it."),
  guidelines: z.array(z.string()).default([]),
  max_turns: z.int().min(1).max(30).default(5),
  /** Words to say instead of played ones, one per turn: a real session, replayed to the letter and without a model. */
  turns: z.array(z.string().min(1)).min(1).optional(),
});
export type Scenario = z.infer<typeof Scenario>;

/** Throws with the line's number where one is wrong. */
export function readScenarios(path: string): Scenario[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      if (line.trim() === "") return [];
      const parsed = Scenario.safeParse(JSON.parse(line));
      if (parsed.success) return [parsed.data];
      throw new TypeError(`${path}, line ${index + 1}: ${z.prettifyError(parsed.error)}`);
    });
}
