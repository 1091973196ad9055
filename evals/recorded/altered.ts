/** A recorded body with its content changed: nothing in it, or an old figure in the prose beside the right rows. */

export type Change = "empty" | "stale";

/** The frame of the reply stays whole: JSON, JSON-RPC or an event stream of JSON. */
export function altered(body: string, type: string, change: Change): string {
  if (!type.includes("event-stream")) return alteredJson(body, change);
  return body.replaceAll(/^data: ?(\{.*\})$/gm, (_, data: string) => `data: ${alteredJson(data, change)}`);
}

/** Fields that carry prose, by the wire contracts of Genie, agents and chat models. */
const PROSE = new Set(["text", "delta", "textAttachments", "content"]);
const EMPTIED = new Set([
  "attachments",
  "annotations",
  "queryAttachments",
  "textAttachments",
  "custom_outputs",
]);

function alteredJson(text: string, change: Change): string {
  try {
    return JSON.stringify(walk(JSON.parse(text), "", change));
  } catch {
    return text;
  }
}

function walk(value: unknown, field: string, change: Change): unknown {
  if (typeof value === "string") return PROSE.has(field) ? prose(value, change) : value;
  if (typeof value !== "object" || value === null) return value;
  if (change === "empty" && EMPTIED.has(field)) return Array.isArray(value) ? [] : {};
  if (Array.isArray(value)) return value.map((each) => walk(each, field, change));
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, walk(of, name, change)]));
}

/** MCP repeats its structured content as text. */
function prose(text: string, change: Change): string {
  if (text.startsWith("{")) return alteredJson(text, change);
  return change === "empty" ? "" : staleFigure(text);
}

/** The first figure of a text that is no year. */
export const PLANTED = /(?<![\d.,-])(?!(?:19|20)\d\d(?![\d.,]))([1-9])(\d{2,}|\d*[.,]\d)[\d.,]*(?<![.,])/;

/** Its leading digit is another one. */
export function staleFigure(text: string): string {
  return text.replace(PLANTED, (figure, first: string) => `${(Number(first) % 9) + 1}${figure.slice(1)}`);
}
