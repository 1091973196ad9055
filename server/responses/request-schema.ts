/** The body of `POST /responses` and `POST /invocations`: lenient about what it does not know (section 2). */
import { z } from "zod";
import { Plan } from "../../routing/plan.ts";
import { InputItem } from "./item-schema.ts";
import { FunctionTool, TextFormat, ToolChoice } from "./tool-schema.ts";

/** How backend calls appear in `output` (section 0, decision 1). */
export const BackendItems = z.enum(["function_call", "reasoning", "mcp_call", "none"]);
export type BackendItems = z.infer<typeof BackendItems>;

/** A client's name for a thread. No address can hold one that is not well-formed. */
export const ThreadKey = z
  .string()
  .max(256)
  .regex(/^\P{Cs}*$/u, { error: "must be well-formed Unicode" });

/** An empty one counts as absent. */
const threadKey = ThreadKey.nullish();

export const Metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((m) => Object.keys(m).length <= 16, { error: "must have at most 16 keys" });

export const CustomInputs = z.object({
  thread_id: threadKey,
  session_id: threadKey,
  backend_items: BackendItems.nullish(),
  /** Only these backends may be asked. */
  backends: z.array(z.string().max(64)).max(64).nullish(),
  /** A plan to run as it stands. */
  plan: Plan.nullish(),
});

export const CreateRequest = z.object({
  input: z.union([z.string(), z.array(InputItem)]),
  model: z.string().max(256).nullish(),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  /** False keeps the input and answers nothing: the warm-up of the WebSocket transport. */
  generate: z.boolean().nullish(),
  stream_options: z.object({ include_obfuscation: z.boolean().nullish() }).nullish(),
  metadata: Metadata.nullish(),
  previous_response_id: z.string().max(256).nullish(),
  conversation: z.union([z.string().min(1).max(256), z.object({ id: z.string().min(1).max(256) })]).nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
  tools: z.array(FunctionTool).max(128).nullish(),
  tool_choice: ToolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  max_tool_calls: z.number().int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_output_tokens: z.number().int().min(1).nullish(),
  text: z.object({ format: TextFormat.nullish(), verbosity: z.string().nullish() }).nullish(),
  reasoning: z.object({ effort: z.string().nullish(), summary: z.string().nullish() }).nullish(),
  truncation: z.string().nullish(),
  service_tier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  user: z.string().nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  include: z.array(z.string()).nullish(),
  custom_inputs: CustomInputs.nullish(),
  /** Who asks is never read from here (DESIGN, "Who is asking"). */
  context: z.object({ conversation_id: threadKey, user_id: z.string().nullish() }).nullish(),
  databricks_options: z.object({ return_trace: z.boolean().nullish() }).nullish(),
});
export type CreateRequest = z.infer<typeof CreateRequest>;
