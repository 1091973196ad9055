/** What a number in prose counts: percent, money, or a span of time. */
import type { NumberMention } from "./number-mention.ts";

const TIME = /^[\s-]*(?:(?:business|working|calendar)\s+)?(minute|hour|day|week|month|quarter|year)s?\b/i;

/** `percent`, `currency`, a unit of time, or null where the text names none. */
export function unitOf(text: string, number: NumberMention): string | null {
  if (number.percent) return "percent";
  if (number.currency) return "currency";
  return TIME.exec(text.slice(number.end, number.end + 24))?.[1]?.toLowerCase() ?? null;
}
