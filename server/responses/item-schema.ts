/** Every form of input item that real clients send (Responses contract section 2.1); unknown keys are ignored. */
import { z } from "zod";

const text = z.string().max(4_000_000);
const itemId = z.string().max(256).nullish();
const callId = z.string().min(1).max(256);

export const UserPart = z.discriminatedUnion("type", [
  z.object({ type: z.literal("input_text"), text }),
  z.object({ type: z.literal("text"), text }),
  z.object({
    type: z.literal("input_image"),
    image_url: z.string().nullish(),
    file_id: z.string().nullish(),
    detail: z.string().nullish(),
  }),
  z.object({
    type: z.literal("input_file"),
    filename: z.string().nullish(),
    file_data: z.string().nullish(),
    file_id: z.string().nullish(),
    file_url: z.string().nullish(),
  }),
  z.object({ type: z.literal("output_text"), text }),
  z.object({ type: z.literal("summary_text"), text }),
  z.object({ type: z.literal("refusal"), refusal: text }),
]);
export type UserPart = z.infer<typeof UserPart>;

export const MessageInput = z.object({
  type: z.literal("message").optional(),
  role: z.enum(["user", "assistant", "system", "developer"]),
  content: z.union([text, z.array(UserPart).max(10_000)]),
  id: itemId,
  status: z.string().nullish(),
  phase: z.enum(["commentary", "final_answer"]).nullish(),
});
export type MessageInput = z.infer<typeof MessageInput>;

export const FunctionCallInput = z.object({
  type: z.literal("function_call"),
  call_id: callId,
  name: z.string().min(1).max(256),
  arguments: text,
  id: itemId,
  status: z.string().nullish(),
});

export const FunctionCallOutputInput = z.object({
  type: z.literal("function_call_output"),
  call_id: callId,
  output: z.union([text, z.array(UserPart).max(10_000)]),
  id: itemId,
  status: z.string().nullish(),
});

export const ApprovalResponseInput = z.object({
  type: z.literal("mcp_approval_response"),
  approval_request_id: z.string().min(1).max(256),
  approve: z.boolean(),
  reason: z.string().nullish(),
  id: itemId,
});

export const ItemReferenceInput = z.object({
  type: z.literal("item_reference"),
  id: z.string().min(1).max(256),
});

/** Items of our own output that clients send back: accepted, and dropped for the models. */
const echoed = <T extends string>(type: T) => z.looseObject({ type: z.literal(type), id: itemId });

/** By `type`; an item without one is a message. */
export const INPUT_ITEM_SCHEMAS = {
  message: MessageInput,
  function_call: FunctionCallInput,
  function_call_output: FunctionCallOutputInput,
  mcp_approval_response: ApprovalResponseInput,
  item_reference: ItemReferenceInput,
  reasoning: echoed("reasoning"),
  mcp_approval_request: echoed("mcp_approval_request"),
  mcp_call: echoed("mcp_call"),
  mcp_list_tools: echoed("mcp_list_tools"),
  compaction: echoed("compaction"),
} as const;

export type InputItemType = keyof typeof INPUT_ITEM_SCHEMAS;
export type InputItem = z.infer<(typeof INPUT_ITEM_SCHEMAS)[InputItemType]>;

export const InputItem: z.ZodType<InputItem> = z.union([
  INPUT_ITEM_SCHEMAS.message,
  INPUT_ITEM_SCHEMAS.function_call,
  INPUT_ITEM_SCHEMAS.function_call_output,
  INPUT_ITEM_SCHEMAS.mcp_approval_response,
  INPUT_ITEM_SCHEMAS.item_reference,
  INPUT_ITEM_SCHEMAS.reasoning,
  INPUT_ITEM_SCHEMAS.mcp_approval_request,
  INPUT_ITEM_SCHEMAS.mcp_call,
  INPUT_ITEM_SCHEMAS.mcp_list_tools,
  INPUT_ITEM_SCHEMAS.compaction,
]);
