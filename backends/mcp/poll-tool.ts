/** Managed servers with slow tools answer "not yet" and offer a second tool to ask again (contracts section 3c). */
import type { CallToolResult, Tool } from "@modelcontextprotocol/sdk/types.js";
import { asObject, asText, asTexts, parseJson, type JsonObject } from "../json-fields.ts";

const RUNNING = new Set(["in_progress", "queued", "pending", "running", "submitted"]);
const FAILED = new Set(["failed", "cancelled", "canceled"]);

/** Structured content, or the same JSON in the first text. */
export function structuredOf(result: CallToolResult): JsonObject | null {
  const structured = asObject(result.structuredContent);
  if (structured !== null) return structured;
  const first = result.content[0];
  return first?.type === "text" ? asObject(parseJson(first.text)) : null;
}

/** The status word of a result that is not complete yet; null when it is. */
export function runningStatus(result: CallToolResult): string | null {
  const status = statusOf(result);
  return status !== null && RUNNING.has(status.toLowerCase()) ? status : null;
}

/** A tool that is polled may say that it failed in its result's status alone; elsewhere a status may be the answer. */
export function hasFailed(result: CallToolResult, tools: Tool[]): boolean {
  if (result.isError === true) return true;
  return FAILED.has(statusOf(result)?.toLowerCase() ?? "") && pollCall(result, tools) !== null;
}

function statusOf(result: CallToolResult): string | null {
  const structured = structuredOf(result);
  return asText(structured?.["status"]) ?? asText(asObject(structured?.["status"])?.["state"]);
}

/** The poll tool whose arguments the result provides, with those arguments. */
export function pollCall(result: CallToolResult, tools: Tool[]): { name: string; args: JsonObject } | null {
  const structured = structuredOf(result);
  if (structured === null) return null;
  for (const tool of tools) {
    const required = asTexts(tool.inputSchema.required);
    if (!tool.name.includes("poll") || required.length === 0) continue;
    if (required.every((name) => asText(structured[name]) !== null)) {
      return {
        name: tool.name,
        args: Object.fromEntries(required.map((name) => [name, structured[name] ?? null])),
      };
    }
  }
  return null;
}
