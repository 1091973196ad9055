/** Plants one error into a true answer: a changed digit, two swapped rows, or a wrong sum. */
import type { Random } from "./random.ts";
import type { Draft, Part, Stated } from "./render.ts";

export type ErrorKind = "changed digit" | "swapped rows" | "wrong sum";

export interface Planted {
  kind: ErrorKind;
  parts: Part[];
  /** Positions in `parts` that are now false. */
  wrong: number[];
  claims: Draft["claims"];
}

/** Returns null where this kind of error cannot be planted. */
export function plant(random: Random, draft: Draft, kind: ErrorKind): Planted | null {
  const numbers = draft.parts.flatMap((part, index) => (typeof part === "string" ? [] : [{ part, index }]));
  if (kind === "swapped rows") return swap(random, draft, numbers);
  const derived = numbers.filter(({ part }) => part.row === null && part.column >= 0);
  const target = kind === "wrong sum" ? derived[0] : numbers[random.int(0, numbers.length - 1)];
  if (!target || (kind === "changed digit" && derived.length > 0)) return null;
  const text = changeDigit(random, target.part.text);
  const parts = draft.parts.with(target.index, { ...target.part, text });
  const claims = draft.claims.map((claim) => ({ ...claim, value: Number(text.replaceAll(/[^\d.]/g, "")) }));
  return { kind, parts, wrong: [target.index], claims };
}

function changeDigit(random: Random, text: string): string {
  const digits = [...text.matchAll(/\d/g)];
  const { index, 0: old } = random.pick(digits);
  const leading = !/\d/.test(text.slice(0, index)) && digits.length > 1;
  const fresh = random.pick("0123456789".split("").filter((d) => d !== old && !(leading && d === "0")));
  return text.slice(0, index) + fresh + text.slice(index + 1);
}

function swap(random: Random, draft: Draft, numbers: { part: Stated; index: number }[]): Planted | null {
  const pairs = numbers.flatMap((a) => numbers.map((b) => [a, b] as const)).filter(
    ([a, b]) => a.part.row !== null && b.part.row !== null && a.index < b.index && a.part.column === b.part.column && a.part.row !== b.part.row && clearlyApart(a.part, b.part),
  ); // prettier-ignore
  if (pairs.length === 0) return null;
  const [a, b] = random.pick(pairs);
  const parts = draft.parts.with(a.index, b.part).with(b.index, a.part);
  return { kind: "swapped rows", parts, wrong: [a.index, b.index], claims: draft.claims };
}

function clearlyApart(a: Stated, b: Stated): boolean {
  return Math.abs(a.value - b.value) > 0.05 * Math.max(Math.abs(a.value), Math.abs(b.value));
}
