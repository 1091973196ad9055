/** From input items to one turn: the question, what came before it, and the client's tool results (section 2.1). */
import type { Json } from "../../backends/backend.ts";
import type { ApprovalReply } from "../../nodes/approve.ts";
import type { Message } from "../../nodes/state.ts";
import { RequestError } from "../errors.ts";
import { unpackCompaction } from "./compaction.ts";
import type { InputItem, MessageInput, UserPart } from "./item-schema.ts";

export interface ComposeContext {
  /** Names of our own backends, whose calls chat UIs send back as history. */
  backendNames: ReadonlySet<string>;
  /** Calls of client tools that the earlier responses made, by `call_id`. */
  openCalls: ReadonlyMap<string, ToolCallItem>;
  /** The question of the turn before, which a tool result goes on with. */
  previousQuestion: string | null;
}

export interface ToolCallItem {
  call_id: string;
  name: string;
  arguments: string;
}

export interface ComposedTurn {
  question: string;
  /** What a person decided on the requests of an interrupted turn; the question may then be empty. */
  approvals: ApprovalReply[];
  /** Messages of the input that came before the question. */
  earlier: Message[];
  /** From system and developer messages. */
  instructions: string[];
  /** Data or http(s) URLs. */
  images: string[];
  /** Calls and outputs of client tools since the question, in order. */
  toolItems: Json[];
}

export function composeTurn(items: readonly InputItem[], context: ComposeContext): ComposedTurn {
  const at = items.findLastIndex((item) => isMessage(item) && item.role === "user");
  const asked = items[at];
  const after = items.slice(at + 1);
  const toolItems = collectToolItems(items, after, context);
  const question = asked !== undefined && isMessage(asked) ? textOf(asked.content).trim() : "";
  const images = asked !== undefined && isMessage(asked) ? imagesOf(asked.content) : [];
  const approvals = approvalsAfter(after);
  const goesOn = at === -1 && toolItems.length > 0 ? context.previousQuestion : null;
  return {
    question: goesOn ?? (approvals.length > 0 ? question : requireQuestion(question, images.length > 0)),
    approvals,
    earlier: messagesOf(items.slice(0, Math.max(at, 0))),
    instructions: items
      .filter(isMessage)
      .filter(isInstruction)
      .map((m) => textOf(m.content)),
    images,
    toolItems,
  };
}

function requireQuestion(question: string, hasImages: boolean): string {
  if (question !== "") return question;
  if (hasImages) return "Describe what is attached.";
  throw new RequestError("invalid_value", "Invalid 'input': it needs a user message with text.", {
    param: "input",
  });
}

/** Words on what a run waits for; approvals before the last question are only history. */
function approvalsAfter(items: readonly InputItem[]): ApprovalReply[] {
  return items.flatMap((item): ApprovalReply[] => {
    if (item.type !== "mcp_approval_response") return [];
    return [
      {
        id: item.approval_request_id,
        approve: item.approve,
        ...(item.reason ? { reason: item.reason } : {}),
      },
    ];
  });
}

/** Every output needs its call: in the input, or made by the response before (section 2.1). */
function collectToolItems(
  all: readonly InputItem[],
  after: readonly InputItem[],
  context: ComposeContext,
): Json[] {
  const calls = new Map(context.openCalls);
  const collected: Json[] = [];
  const recent = new Set(after);
  for (const item of all) {
    if (isMessage(item)) continue;
    if (item.type === "function_call") {
      calls.set(item.call_id, { call_id: item.call_id, name: item.name, arguments: item.arguments });
    } else if (item.type === "function_call_output") {
      const call = calls.get(item.call_id);
      if (call === undefined && !isEchoedApproval(all, item.call_id)) throw noSuchCall(item.call_id);
      if (call === undefined || context.backendNames.has(call.name) || !recent.has(item)) continue;
      collected.push({ type: "function_call", ...call });
      collected.push({ type: "function_call_output", call_id: item.call_id, output: textOf(item.output) });
    }
  }
  return collected;
}

function noSuchCall(callId: string): RequestError {
  return new RequestError(
    "invalid_value",
    `No tool call found for function call output with call_id ${callId.slice(0, 64)}.`,
    { param: "input" },
  );
}

/** The output of an approved call carries the approval's id as its `call_id` (chat UI reference, section 4.2). */
function isEchoedApproval(items: readonly InputItem[], callId: string): boolean {
  return items.some((item) => item.type === "mcp_approval_request" && item.id === callId);
}

function isMessage(item: InputItem): item is MessageInput {
  return item.type === undefined || item.type === "message";
}

function isInstruction(message: MessageInput): boolean {
  return message.role === "system" || message.role === "developer";
}

/** What was said, a compaction unpacked. */
export function messagesOf(items: readonly InputItem[]): Message[] {
  return items.flatMap((item): Message[] => {
    if (item.type === "compaction") return unpackCompaction(item["encrypted_content"]) ?? [];
    if (!isMessage(item)) return [];
    if (item.role !== "user" && item.role !== "assistant") return [];
    const content = textOf(item.content);
    return content === "" ? [] : [{ role: item.role, content }];
  });
}

/** Parts joined by line breaks; a file counts by its name. */
export function textOf(content: string | readonly UserPart[]): string {
  if (typeof content === "string") return content;
  return content
    .map(partText)
    .filter((text) => text !== "")
    .join("\n");
}

function partText(part: UserPart): string {
  if (part.type === "input_image") return "";
  if (part.type === "input_file") return part.filename ? `[attached file: ${part.filename}]` : "";
  return part.type === "refusal" ? part.refusal : part.text;
}

function imagesOf(content: string | readonly UserPart[]): string[] {
  if (typeof content === "string") return [];
  return content.flatMap((part) => (part.type === "input_image" && part.image_url ? [part.image_url] : []));
}
