/** Fills `{{s1.answer}}` and `{{s1.name}}` in one pass: what was filled in is never read again (evals.md section 6.1). */

export type FillValue = string | number | readonly string[];

export interface Filled {
  text: string;
  /** References without a value, as written between the braces, each once. */
  empty: string[];
}

const REFERENCE = /\{\{\s*(s[1-9][0-9]?)\.([a-z][a-z0-9_]{0,30})\s*\}\}/g;
const LONGEST_VALUE = 2_000;

export interface Reference {
  step: string;
  name: string;
}

/** Every reference of a template, in order, repeats included. */
export function referencesOf(template: string): Reference[] {
  return Array.from(template.matchAll(REFERENCE), (match) => ({ step: match[1]!, name: match[2]! }));
}

/**
 * `values[step][name]` fills a reference; a list becomes `a, b and c`. A value is cut at `longest` characters
 * and its own braces are broken up, so that nothing downstream takes data for a template.
 */
export function substitute(
  template: string,
  values: Readonly<Record<string, Readonly<Record<string, FillValue>>>>,
  longest = LONGEST_VALUE,
): Filled {
  const empty = new Set<string>();
  const text = template.replace(REFERENCE, (_, step: string, name: string) => {
    const found = Object.hasOwn(values, step) ? values[step]! : {};
    const value = Object.hasOwn(found, name) ? render(found[name]!) : "";
    if (value === "") empty.add(`${step}.${name}`);
    return cut(value.replaceAll("{{", "{ {").replaceAll("}}", "} }"), longest);
  });
  return { text, empty: [...empty] };
}

function render(value: FillValue): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value.trim();
  const items = value.map((item) => item.trim()).filter((item) => item !== "");
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)!}`;
}

function cut(value: string, longest: number): string {
  return value.length <= longest ? value : `${value.slice(0, longest - 1)}…`;
}
