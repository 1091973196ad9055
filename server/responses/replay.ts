/** The stream of a response that is already there: the same grammar, each text in one delta. */
import {
  writeApprovalRequest,
  writeFunctionCall,
  writeFunctionCallOutput,
  writeMcpCall,
} from "./call-writer.ts";
import { EventWriter, type FrameSink } from "./event-writer.ts";
import { MessageWriter } from "./message-writer.ts";
import type { MessageItem, OutputItem } from "./output-items.ts";
import { Output } from "./output.ts";
import { ReasoningWriter } from "./reasoning-writer.ts";
import type { ResponseBody } from "./response-body.ts";

export function replay(body: ResponseBody, sink: FrameSink): void {
  const events = new EventWriter(sink);
  const output = new Output(events, { runId: body.id });
  const open: ResponseBody = {
    ...body,
    status: "in_progress",
    completed_at: null,
    error: null,
    incomplete_details: null,
    output: [],
    usage: null,
  };
  events.lifecycle("response.created", open);
  events.lifecycle("response.in_progress", open);
  for (const item of body.output) writeItem(output, item);
  if (body.error !== null) {
    const error = { type: "server_error", code: body.error.code, message: body.error.message, param: null };
    events.emit("error", { code: error.code, message: error.message, param: null, error });
    events.lifecycle("response.failed", body);
  } else {
    events.lifecycle(body.status === "completed" ? "response.completed" : "response.incomplete", body);
  }
}

function writeItem(output: Output, item: OutputItem): void {
  switch (item.type) {
    case "message":
      return writeMessage(output, item);
    case "reasoning": {
      const writer = new ReasoningWriter(output, item.id);
      for (const part of item.summary) writer.write(part.text);
      return writer.close();
    }
    case "function_call":
      return writeFunctionCall(output, item);
    case "function_call_output":
      return writeFunctionCallOutput(output, item);
    case "mcp_call":
      return writeMcpCall(output, item);
    case "mcp_approval_request":
      return writeApprovalRequest(output, item);
  }
}

function writeMessage(output: Output, item: MessageItem): void {
  const writer = new MessageWriter(output, item.id);
  const part = item.content[0];
  if (part !== undefined && part.text !== "") writer.write(part.text);
  writer.close(part?.annotations ?? [], item.status === "incomplete" ? "incomplete" : "completed");
}
