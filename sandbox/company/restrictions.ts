/** What a text asks of customers beyond slices: limits of MRR, places in a ranking, and what nobody here can pick by. */

/** MRR in US dollars a month: at least, or at most. */
export interface Limit {
  op: "least" | "most";
  value: number;
}

const NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split(" ");
const NUMBER = `(\\d{1,3}|${NUMBERS.join("|")}|(?:a |one )?dozen)`;
const RANK = "most|highest|lowest|least|worst|largest|biggest|safest|riskiest|likeliest";
const COUNT = new RegExp(
  `\\b(?:top|first|bottom|${RANK})[\\s-]+${NUMBER}\\b|\\b${NUMBER}\\s+(?:[a-z-]+\\s+){0,3}?(?:customers?|accounts?|clients?|${RANK})\\b`,
  "i",
);
const ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth".split(" ");
const PLACE = new RegExp(`\\b(${ORDINALS.join("|")})[\\s-]+(?:(?:${RANK})\\b|one\\b|in line\\b)`, "i");
/** "The riskiest enterprise account" is one. */
const SINGLE =
  /\b(?:riskiest|likeliest|safest|most at[- ]risk)\s+(?:[\w-]+\s+){0,3}?(?:customer|account|client)\b(?!s)/i;

const AMOUNT = "\\$?\\s*([\\d,]+(?:\\.\\d+)?)\\s*(k|m)?\\b";
const MORE = "over|above|more than|at least|exceeding|greater than|higher than|>=?";
const LESS = "under|below|less than|at most|lower than|<=?";
const MRR = "(?:MRR|monthly (?:revenue|fee)|paying|pays?|spending|worth)";
const LIMIT = new RegExp(
  `\\b${MRR}\\s+(?:is |of |us )?(${MORE}|${LESS})\\s*${AMOUNT}|\\b(${MORE}|${LESS})\\s*${AMOUNT}\\s*(?:USD |dollars )?(?:of |in )?MRR\\b`,
  "i",
);

/** Facts of other tables, and periods that nobody scores. */
const IGNORED = [
  /\b(?:with|having|have|has|without)\s+(?:[\w-]+\s+){0,3}?(?:overdue|unpaid|open|late|declining|falling|low|critical)\s+(?:[\w-]+\s+)?(?:invoices?|tickets?|payments?|usage|csat)\b/gi,
  /\b(?:signed up|joined|onboarded|customers? since|renew(?:al|als|ing)?)\s+(?:in|since|before|after|during|next|last|this)\s+\w+(?: \d{4})?/gi,
  /\b(?:in|by|during|until|for)\s+20(?:2[7-9]|[3-9]\d)\b|\b(?:next|this) (?:month|year|week)\b|\bin (?:the next )?(?:six|nine|twelve|\d+) months\b/gi,
];

/** "Top five", "a dozen accounts"; null when no count is given. */
export function countOf(text: string): number | null {
  const match = COUNT.exec(text);
  const found = (match?.[1] ?? match?.[2])?.toLowerCase();
  if (found === undefined) return SINGLE.test(text) ? 1 : null;
  if (found.endsWith("dozen")) return 12;
  return /^\d+$/.test(found) ? Number(found) : NUMBERS.indexOf(found) + 1;
}

/** "The second riskiest": 2; null where no place is named. */
export function placeOf(text: string): number | null {
  const ordinal = PLACE.exec(text)?.[1]?.toLowerCase();
  return ordinal === undefined ? null : ORDINALS.indexOf(ordinal) + 2;
}

export function limitOf(text: string): Limit | null {
  const [, op, amount, scale, earlierOp, earlierAmount, earlierScale] = LIMIT.exec(text) ?? [];
  const [word, digits, unit] = [op ?? earlierOp, amount ?? earlierAmount, scale ?? earlierScale];
  if (word === undefined || digits === undefined) return null;
  const factor = { k: 1_000, m: 1_000_000 }[unit?.toLowerCase() ?? ""] ?? 1;
  const isLeast = new RegExp(`^(?:${MORE})$`, "i").test(word);
  return { op: isLeast ? "least" : "most", value: Number(digits.replaceAll(",", "")) * factor };
}

export function isWithin(mrr: number, limit: Limit | null): boolean {
  if (limit === null) return true;
  return limit.op === "least" ? mrr >= limit.value : mrr <= limit.value;
}

export function ignoredIn(text: string): string[] {
  return IGNORED.flatMap((pattern) => text.match(pattern) ?? []);
}

/** What an answer adds about words that picked nobody. */
export function ignoredWords(ignored: readonly string[]): string[] {
  return ignored.length > 0 ? [`Not taken into account: ${[...new Set(ignored)].join(", ")}.`] : [];
}
