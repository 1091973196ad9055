/** Digits that state no quantity: dates, list numbers, citations, code, addresses and identifiers. */
import { spansOf, type Span } from "./span.ts";

const MONTH = String.raw`(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?`;
const YEAR = String.raw`(?:19|20)\d{2}`;
const NOT_MORE = String.raw`(?![\d%]|[.,]\d)`;

const PATTERNS: readonly RegExp[] = [
  /```[\s\S]*?```|`[^`\n]*`/g,
  /https?:\/\/[^\s)>\]]+|\]\([^)\n]*\)/g,
  /\[\d+(?:\s*[,–-]\s*\d+)*\]/g,
  /\b\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?\b/g,
  /\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/g,
  /\b\d{1,2}:\d{2}(?::\d{2})?\b/g,
  new RegExp(String.raw`\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?${MONTH}(?:,?\s+${YEAR})?\b`, "gi"),
  new RegExp(String.raw`\b${MONTH}\s+\d{1,2}(?:(?:st|nd|rd|th)?,?\s+${YEAR}|st|nd|rd|th|(?=\s*(?:[,.;)]|and\b|to\b|$)))(?!\d)`, "gim"),
  new RegExp(String.raw`\b${MONTH}(?:\s+(?:and|to|through|until)\s+${MONTH})?,?\s+'?${YEAR}${NOT_MORE}`, "gi"),
  /\b(?:Q[1-4]|H[12]|FY)[\s-]*'?(?:(?:19|20)?\d{2})?\b/g,
  new RegExp(String.raw`\b(?:in|since|of|by|during|until|till|through|from|to|before|after|year|fiscal|calendar|between|and|early|mid|late|end)[\s-]+${YEAR}${NOT_MORE}(?:\s*[–-]\s*${YEAR})?(?!\s*(?:customers|accounts|tickets|invoices|users|seats)\b)`, "gi"),
  /^[ \t]*(?:#{1,6}[ \t]+)?(?:[-*+][ \t]+)?(?:\*\*)?\(?\d{1,3}[.)](?=[ \t*])/gm,
  /\b\d+(?:st|nd|rd|th)\b/g,
  /(?:§|#|\bno\.)\s?\d+(?:\.\d+)*/gi,
  /\b(?:step|section|page|chapter|figure|table|article|appendix|rule|play|tier|level|priority|phase|stage|option|version|week|quarter|part|item|note)s?\s+\d+(?:\.\d+)*(?![\d%]|,\d)/gi,
  /\b\p{L}+[-_]\d+\b/gu,
  /\b24\/7\b|\b\d+\.\d+\.\d+(?:\.\d+)*\b(?!,)/g,
]; // prettier-ignore

/** Spans of `text` in which digits need no evidence. `1.234.567` is left alone: it is a number. */
export function exemptSpans(text: string): Span[] {
  return PATTERNS.flatMap((pattern) => spansOf(text, pattern)).filter(
    (span) => !/^\d{1,3}(?:\.\d{3}){2,}$/.test(text.slice(span.start, span.end)),
  );
}
