/** What answers must reach on the committed recordings. Replay has no noise, so each floor lies just under what was measured. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { METRICS, type Floors, type Split } from "../gate.ts";

export const FLOORS: Record<Split, Floors> = {
  dev: {
    routing: 0.94,
    plans: 0.93,
    numbers: 0.9,
    citations: 0.98,
    grounding: 0.98,
    honesty: 1,
    "stale figures": 0.5,
  },
  heldout: {
    routing: 0.83,
    plans: 0.8,
    numbers: 0.7,
    citations: 0.96,
    grounding: 0.98,
    honesty: 1,
    "stale figures": 0.5,
  },
};

const NotEmpty = [(floors: object) => Object.keys(floors).length > 0, "at least one floor, or nothing is held"] as const; // prettier-ignore
const FloorsOnFile = z
  .partialRecord(
    z.enum(["dev", "heldout"]),
    z.partialRecord(z.enum(METRICS), z.number().min(0).max(1)).refine(...NotEmpty),
  )
  .refine(...NotEmpty);

/** Floors of one's own, as JSON: `{"dev": {"routing": 0.9}}`. Throws where the file says anything else, or nothing. */
export function readFloors(file: string): Partial<Record<Split, Floors>> {
  return FloorsOnFile.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** Of the split that is asked; of both without one. Throws `TypeError` where it has none: nothing would be held. */
export function floorsOf(
  floors: Partial<Record<Split, Floors>>,
  split: Split | null,
): Partial<Record<Split, Floors>> {
  if (split === null) return floors;
  const own = floors[split];
  if (own === undefined) throw new TypeError(`There are no floors for the split ${split}.`);
  return { [split]: own };
}
