/** Which tool of a server takes the question, and in which argument. */
import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import type { BackendConfigOf } from "../../config/schema.ts";
import { fault } from "../fault.ts";
import { asObject, asTexts } from "../json-fields.ts";

export interface ChosenTool {
  name: string;
  /** Null for a tool that the configured arguments suffice for. */
  question_argument: string | null;
}

/** The configured tool; else the only one; else the first whose arguments fit. */
export function chooseTool(config: BackendConfigOf<"mcp">, tools: Tool[]): ChosenTool {
  const candidates = config.tool === undefined ? tools : tools.filter(({ name }) => name === config.tool);
  for (const tool of candidates) {
    const question_argument = questionArgument(config, tool);
    if (question_argument !== undefined) return { name: tool.name, question_argument };
  }
  const hint =
    config.tool === undefined
      ? "set `tool` and `question_argument`, as no tool of the server takes just one text"
      : "set `tool` to one that the server has, and `question_argument` to its argument";
  throw fault("not_found", { backend: config.name }, hint);
}

/** Undefined when the tool does not fit: it needs more than the question and the configured arguments. */
function questionArgument(config: BackendConfigOf<"mcp">, tool: Tool): string | null | undefined {
  const given = new Set(Object.keys(config.arguments));
  const required = asTexts(tool.inputSchema.required).filter((name) => !given.has(name));
  if (config.question_argument !== undefined) {
    const fits = config.tool !== undefined || required.every((name) => name === config.question_argument);
    return fits ? config.question_argument : undefined;
  }
  const properties = asObject(tool.inputSchema.properties) ?? {};
  const texts = Object.keys(properties).filter((name) => asObject(properties[name])?.["type"] === "string");
  const open = required.length > 0 ? required : texts.filter((name) => !given.has(name));
  if (open.length === 1 && open[0] !== undefined && texts.includes(open[0])) return open[0];
  return open.length === 0 && config.tool !== undefined ? null : undefined;
}
