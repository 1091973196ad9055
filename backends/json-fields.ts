/** Reading fields of JSON from outside: what has another type than expected counts as absent. */
import type { Json } from "./backend.ts";

export type JsonObject = { [key: string]: Json };

export function asObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

export function asList(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** The text itself, empty text included; null for anything else. */
export function asText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function asNumber(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Parses JSON text; undefined when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The objects of a list; everything else in it is left out. */
export function asObjects(value: unknown): JsonObject[] {
  return asList(value).flatMap((item) => {
    const object = asObject(item);
    return object === null ? [] : [object];
  });
}

/** The texts of a list. */
export function asTexts(value: unknown): string[] {
  return asList(value).flatMap((item) => (typeof item === "string" ? [item] : []));
}
