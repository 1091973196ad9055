/** Message content of chat completions: text, or blocks of which only the text counts (contracts section 5). */
import type { Json } from "../backend.ts";
import { asList, asObject, asText } from "../json-fields.ts";

/** Reasoning blocks are left out. */
export function contentText(content: Json | undefined): string {
  if (typeof content === "string") return content;
  let text = "";
  for (const value of asList(content)) {
    const block = asObject(value);
    const type = block?.["type"];
    if (type === "text" || type === "output_text" || type === undefined)
      text += asText(block?.["text"]) ?? "";
  }
  return text;
}
