/** Cells of SQL results: text on the wire, typed by their column. */
import type { Cell } from "../backend.ts";

const NUMERIC = /^(TINYINT|SMALLINT|INT|INTEGER|BIGINT|LONG|SHORT|BYTE|FLOAT|DOUBLE|REAL|DECIMAL|NUMERIC)/i;
/** More digits than a double can hold would change the number. */
const MAX_DIGITS = 15;

export function isNumericType(type: string): boolean {
  return NUMERIC.test(type);
}

/** Text stays text where a number would lose digits; `null` and missing values are null. */
export function typedCell(value: unknown, type: string): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "string") return JSON.stringify(value);
  if (isNumericType(type)) return exactNumber(value);
  if (/^BOOLEAN/i.test(type) && (value === "true" || value === "false")) return value === "true";
  return value;
}

function exactNumber(text: string): Cell {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) return text;
  // A double already lost what it had to lose; a long or decimal with more digits must stay as it is.
  const digits = text.replace(/\D/g, "").replace(/^0+/, "").length;
  return digits <= MAX_DIGITS || String(number) === text ? number : text;
}
