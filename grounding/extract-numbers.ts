/** Finds the numbers of a text with separators, currencies, percent signs and scale words understood. */
import type { NumberMention } from "./number-mention.ts";

const NUMBER = new RegExp(
  String.raw`(?<![\p{L}\p{N}_]|\d[.,'’])` +
    String.raw`(?<sign>[-−–])?(?<currency>[$€£¥]|(?:USD|EUR|GBP)\s?)?(?<inner>[-−])?` +
    String.raw`(?<digits>\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d{1,3}(?:[,'’\u00a0\u202f\u2009]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)` +
    String.raw`(?:(?<letter>mn|bn|[kKmMbB])(?![\p{L}\p{N}])|\s?(?<word>thousand|million|billion|mn|bn)\b)?` +
    String.raw`(?<percent>\s?%|\s?per\s?cent\b|\s?percentage points?\b)?(?<unit>\s?(?:€|USD\b|EUR\b|GBP\b|dollars?\b|euros?\b))?`,
  "gu",
);

const SCALES: Record<string, number> = {
  k: 1e3, thousand: 1e3, m: 1e6, mn: 1e6, million: 1e6, b: 1e9, bn: 1e9, billion: 1e9,
}; // prettier-ignore

const APPROXIMATE =
  /(?:\babout|\baround|\broughly|\bapproximately|\bapprox\.?|\bnearly|\balmost|\bover|\bmore than|\bless than|\bunder|\bcirca|\bca\.|~|≈)\s*$/iu;

/** Every number of `text` in order; dates, ordinals and identifiers included (`exemptSpans` finds those). */
export function extractNumbers(text: string): NumberMention[] {
  return [...text.matchAll(NUMBER)].map((match) => mention(text, match));
}

function mention(text: string, match: RegExpExecArray): NumberMention {
  const groups = match.groups ?? {};
  const start = match.index;
  const end = start + match[0].length;
  const { value, decimals } = parseDigits(groups.digits ?? "");
  const scale = SCALES[(groups.letter ?? groups.word ?? "").toLowerCase()] ?? 1;
  const negative = groups.sign !== undefined || groups.inner !== undefined;
  const approximate = APPROXIMATE.test(text.slice(Math.max(0, start - 20), start));
  return {
    start,
    end,
    text: match[0],
    value: (negative ? -1 : 1) * value * scale,
    step: scale * (approximate ? roundStep(value, decimals) : 10 ** -decimals),
    percent: groups.percent !== undefined,
    currency: groups.currency !== undefined || groups.unit !== undefined,
    parenthesised: text[start - 1] === "(" && text[end] === ")",
    approximate,
  };
}

/** Reads `1,234.5`, `1 234.5`, `1'234.5` and, where it is unmistakable, `1.234,5`. */
export function parseDigits(digits: string): { value: number; decimals: number } {
  const european = /^\d{1,3}(?:\.\d{3})+,\d+$/.test(digits) || /^\d{1,3}(?:\.\d{3}){2,}$/.test(digits);
  const plain = european
    ? digits.replaceAll(".", "").replace(",", ".")
    : digits.replace(/[,'’\u00a0\u202f\u2009]/gu, "");
  return { value: Number(plain), decimals: plain.split(".")[1]?.length ?? 0 };
}

/** "about 12,000" is stated to the thousand: its trailing zeros are not digits. */
function roundStep(value: number, decimals: number): number {
  if (decimals > 0 || value === 0) return 10 ** -decimals;
  let step = 1;
  while (value % (step * 10) === 0) step *= 10;
  return step;
}
