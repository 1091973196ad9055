/** Chat titles: the stock chat UI asks for them as a response of the model `title-model` (section 2.2). */
import type { TurnResult } from "../../graphs/run.ts";
import type { InputItem } from "./item-schema.ts";
import { textOf } from "./compose-turn.ts";

export const TITLE_MODEL = "title-model";

const LONGEST = 60;

/** What the user said; the UI may send its own message object as JSON text. */
export function titleSource(items: readonly InputItem[]): string {
  const texts = items.flatMap((item) =>
    (item.type === undefined || item.type === "message") && item.role === "user"
      ? [textOf(item.content)]
      : [],
  );
  return unwrapped(texts.at(-1) ?? "").trim();
}

/** The first sentence or line, cut at a word. */
export function shortTitle(text: string): string {
  const line = /^[^\n.!?]*/.exec(text.trim())?.[0] ?? "";
  const words = line.replaceAll(/[\s"'`:*#]+/g, " ").trim();
  if (words === "") return "New chat";
  if (words.length <= LONGEST) return words;
  const cut = words.slice(0, LONGEST + 1);
  const space = cut.lastIndexOf(" ");
  return `${cut.slice(0, space > 20 ? space : LONGEST).trimEnd()}…`;
}

/** As the outcome of a run that asked nobody. */
export function titleResult(title: string): TurnResult {
  return {
    status: "completed",
    answer: {
      text: title,
      citations: [],
      missing: [],
      composer: "none",
      fallback: null,
      finish_reason: "stop",
      tool_calls: [],
      suggested_questions: [],
    },
    plan: null,
    findings: [],
    usage: [],
    failure: null,
    approvals: [],
    checkpoint_id: null,
  };
}

function unwrapped(text: string): string {
  if (!text.startsWith("{")) return text;
  try {
    const { parts } = JSON.parse(text) as { parts?: { type?: string; text?: string }[] };
    if (!Array.isArray(parts)) return text;
    return parts.map((part) => (part.type === "text" ? (part.text ?? "") : "")).join(" ");
  } catch {
    return text;
  }
}
