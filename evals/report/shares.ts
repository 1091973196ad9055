/** Figures as a report prints them. */
import type { Share } from "../summarize.ts";

export function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

/** With counts and the 95 % interval; a dash where nothing was counted. */
export function shareText(share: Share): string {
  if (share.value === null) return "-";
  return `${percent(share.value)} (${share.hits}/${share.total}; ${percent(share.low)} to ${percent(share.high)})`;
}

export function decimals(value: number | null, digits = 3): string {
  return value === null ? "-" : value.toFixed(digits);
}
