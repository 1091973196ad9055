/** Whether an answer has room for notes: JSON for a program and calls of its tools have none; those find them in the provenance. */
import type { Answer, Options } from "./state.ts";

export function inProse(options: Options, tool_calls: Answer["tool_calls"]): boolean {
  return options.json_schema === undefined && options.json_object !== true && tool_calls.length === 0;
}
