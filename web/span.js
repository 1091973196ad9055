/** Reads the attributes of a span; what has another type counts as not there. */

/**
 * @typedef {{ span_id: string, parent_id: string | null, name: string, kind: string, started_at: number, duration_ms: number,
 *   status: "unset" | "ok" | "error", attributes: Record<string, any> }} Span
 */

/** @param {Span} span @param {string} name @returns {string | null} */
export function textOf(span, name) {
  const value = span.attributes[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/** @param {Span} span @param {string} name @returns {number | null} */
export function numberOf(span, name) {
  const value = span.attributes[name];
  return typeof value === "number" ? value : null;
}

/** @param {Span} span @param {string} name @returns {string[]} */
export function listOf(span, name) {
  const value = span.attributes[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** An attribute that holds JSON; null when it holds none, or only the beginning of it. @param {Span} span @param {string} name @returns {any} */
export function jsonOf(span, name) {
  try {
    return JSON.parse(textOf(span, name) ?? "null");
  } catch {
    return null;
  }
}
