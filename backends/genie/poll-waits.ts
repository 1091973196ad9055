/** How long to wait between two looks at a message: soon at first, then ever less often. */

const FIRST_MS = 150;
const FACTOR = 1.6;
const LONGEST_MS = 5_000;

/** `look` counts from 0. The spread of a fifth keeps many waiting questions from asking in step. */
export function pollWaitMs(look: number, random: () => number): number {
  return Math.min(LONGEST_MS, FIRST_MS * FACTOR ** look) * (0.8 + 0.4 * random());
}
