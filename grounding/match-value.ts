/** Whether a stated number is a value of the evidence, at the decimals that were stated. */
import type { NumberMention } from "./number-mention.ts";

const DECLINE =
  /\b(?:fell|fall|fallen|drop|dropped|declin\w*|decreas\w*|down|lost|loss|minus|shr[iau]nk\w*|reduc\w*|lower)\b/i;

/** `sentence` decides whether a positive number may stand for a negative value ("fell by 5 %"). */
export function matchesValue(mention: NumberMention, value: number, sentence: string): boolean {
  if (matchesAtScale(mention, mention.value, value)) return true;
  const flipped = mention.parenthesised || (value < 0 && mention.value > 0 && DECLINE.test(sentence));
  return flipped && matchesAtScale(mention, -mention.value, value);
}

function matchesAtScale(mention: NumberMention, stated: number, value: number): boolean {
  if (within(mention, stated, value)) return true;
  // Shares are often kept as fractions: 0.42 in a cell is 42 % in prose.
  return mention.percent && Math.abs(value) <= 10 && within(mention, stated, value * 100);
}

function within(mention: NumberMention, stated: number, value: number): boolean {
  const tolerance = mention.approximate ? mention.step : mention.step / 2;
  return Math.abs(stated - value) <= tolerance * (1 + 1e-9) + Math.abs(value) * 1e-12;
}
