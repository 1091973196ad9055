/** Writes items that are complete when they appear: calls of backends and of the client's tools, and their outputs. */
import type {
  FunctionCallItem,
  FunctionCallOutputItem,
  McpApprovalRequestItem,
  McpCallItem,
} from "./output-items.ts";
import type { Output } from "./output.ts";

export function writeFunctionCall(output: Output, item: FunctionCallItem): void {
  const index = output.open({ ...item, arguments: "", status: "in_progress" });
  const at = { item_id: item.id, output_index: index };
  const { events } = output;
  events.emit("response.function_call_arguments.delta", { ...at, delta: item.arguments });
  events.emit("response.function_call_arguments.done", { ...at, name: item.name, arguments: item.arguments });
  output.close(index, item);
}

/** Only ever after the call with the same `call_id`: clients refuse an output without its call (decision 7). */
export function writeFunctionCallOutput(output: Output, item: FunctionCallOutputItem): void {
  output.close(output.open({ ...item, status: "in_progress" }), item);
}

export function writeMcpCall(output: Output, item: McpCallItem): void {
  const index = output.open({ ...item, arguments: "", output: null, error: null, status: "in_progress" });
  const at = { item_id: item.id, output_index: index };
  const { events } = output;
  events.emit("response.mcp_call.in_progress", at);
  events.emit("response.mcp_call_arguments.delta", { ...at, delta: item.arguments });
  events.emit("response.mcp_call_arguments.done", { ...at, arguments: item.arguments });
  events.emit(`response.mcp_call.${item.status}`, at);
  output.close(index, item);
}

/** The client sends `item.id` back as `approval_request_id`. */
export function writeApprovalRequest(output: Output, item: McpApprovalRequestItem): void {
  output.close(output.open(item), item);
}
