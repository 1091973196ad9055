/** The question and its context out of a Responses `input` or a chat `messages` list. */
import type { Asked } from "../company/contract.ts";

export interface Problem {
  problem: string;
}

const PART_TYPES = ["input_text", "output_text", "text"];

/** The last user message is the question; all messages and tool outputs before it are its context. */
export function askedFromInput(input: unknown): Asked | Problem {
  if (input === undefined || input === null) return { problem: "input: field required" };
  if (typeof input === "string") return input.trim() ? { question: input, context: [] } : empty();
  if (!Array.isArray(input)) return { problem: "input: should be a string or a list of items" };
  const texts: { isUser: boolean; text: string }[] = [];
  for (const [index, item] of input.entries()) {
    const text = textOfItem(item);
    if (text === null) return { problem: `input.${index}: neither a message nor a known item` };
    if (text !== "") texts.push({ isUser: (item as { role?: unknown }).role === "user", text });
  }
  const last = texts.findLastIndex(({ isUser }) => isUser);
  if (last < 0) return empty();
  return { question: texts[last]?.text ?? "", context: texts.slice(0, last).map(({ text }) => text) };
}

function empty(): Problem {
  return { problem: "input: should hold a user message with text" };
}

/** Empty for items without text that are fine to send, null for what no endpoint takes. */
function textOfItem(item: unknown): string | null {
  if (typeof item !== "object" || item === null) return null;
  const { type = "message", role, content, output } = item as Record<string, unknown>;
  if (type === "message") return typeof role === "string" ? textOfContent(content) : null;
  if (type === "function_call_output") return typeof output === "string" ? output : null;
  const silent = ["function_call", "reasoning", "mcp_approval_request", "mcp_approval_response"];
  return silent.includes(String(type)) ? "" : null;
}

function textOfContent(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  const texts: string[] = [];
  for (const part of content as unknown[]) {
    const { type, text } = (part ?? {}) as Record<string, unknown>;
    if (typeof text !== "string" || !PART_TYPES.includes(String(type))) return null;
    texts.push(text);
  }
  return texts.join("\n");
}
