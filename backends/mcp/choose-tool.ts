/** Which tool of a server takes the question, and in which argument. */
import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import type { BackendConfigOf } from "../../config/schema.ts";
import { fault } from "../fault.ts";
import { asObject, asTexts } from "../json-fields.ts";

export interface ChosenTool {
  name: string;
  question_argument: string;
}

/** The configured tool; else the only one; else the first whose arguments fit. */
export function chooseTool(config: BackendConfigOf<"mcp">, tools: Tool[]): ChosenTool {
  const candidates = config.tool === undefined ? tools : tools.filter(({ name }) => name === config.tool);
  for (const tool of candidates) {
    const argument = questionArgument(config, tool);
    if (argument !== null) return { name: tool.name, question_argument: argument };
  }
  const hint =
    config.tool === undefined
      ? "set `tool` and `question_argument`, as no tool of the server takes just one text"
      : `set \`tool\` to one that the server has, and \`question_argument\` to its argument`;
  throw fault("not_found", { backend: config.name }, hint);
}

/** Null when the tool needs more than the question and the configured arguments. */
function questionArgument(config: BackendConfigOf<"mcp">, tool: Tool): string | null {
  const properties = asObject(tool.inputSchema.properties) ?? {};
  const given = new Set(Object.keys(config.arguments));
  const required = asTexts(tool.inputSchema.required).filter((name) => !given.has(name));
  const isText = (name: string) => asObject(properties[name])?.["type"] === "string";
  if (config.question_argument !== undefined) {
    const fits = required.every((name) => name === config.question_argument);
    return fits || config.tool !== undefined ? config.question_argument : null;
  }
  if (required.length === 1 && required[0] !== undefined && isText(required[0])) return required[0];
  if (required.length > 0) return null;
  const texts = Object.keys(properties).filter((name) => isText(name) && !given.has(name));
  return texts.length === 1 ? (texts[0] ?? null) : null;
}
