/** Checks a response object: every key that the strictest clients want, of the right kind (section 4). */
import { z } from "zod";
import type { WireItem } from "./item-checker.ts";

const count = z.number().int().min(0);

const Usage = z.strictObject({
  input_tokens: count,
  input_tokens_details: z.strictObject({ cached_tokens: count, cache_write_tokens: count }),
  output_tokens: count,
  output_tokens_details: z.strictObject({ reasoning_tokens: count }),
  total_tokens: count,
});

const WireResponse = z.strictObject({
  id: z.string().regex(/^resp_[0-9a-f]{32}$/),
  object: z.literal("response"),
  created_at: count,
  completed_at: count.nullable(),
  status: z.enum(["in_progress", "completed", "incomplete", "failed", "cancelled"]),
  background: z.boolean(),
  error: z
    .strictObject({ code: z.enum(["server_error", "rate_limit_exceeded"]), message: z.string().min(1) })
    .nullable(),
  incomplete_details: z.strictObject({ reason: z.literal("max_output_tokens") }).nullable(),
  instructions: z.string().nullable(),
  max_output_tokens: count.nullable(),
  max_tool_calls: count.nullable(),
  model: z.string().min(1),
  output: z.array(z.looseObject({ id: z.string(), type: z.string() })),
  parallel_tool_calls: z.boolean(),
  previous_response_id: z.string().nullable(),
  prompt_cache_key: z.string().nullable(),
  reasoning: z.strictObject({ effort: z.string().nullable(), summary: z.string().nullable() }),
  safety_identifier: z.string().nullable(),
  service_tier: z.literal("default"),
  store: z.boolean(),
  temperature: z.number(),
  top_p: z.number(),
  presence_penalty: z.number(),
  frequency_penalty: z.number(),
  top_logprobs: z.number(),
  text: z.strictObject({ format: z.looseObject({ type: z.string() }) }),
  tool_choice: z.union([z.string(), z.looseObject({ type: z.string() })]),
  tools: z.array(
    z.strictObject({
      type: z.literal("function"),
      name: z.string(),
      description: z.string().nullable(),
      parameters: z.record(z.string(), z.unknown()).nullable(),
      strict: z.boolean().nullable(),
    }),
  ),
  truncation: z.string(),
  metadata: z.record(z.string(), z.string()),
  usage: Usage.nullable(),
  user: z.string().nullable(),
  conversation: z.strictObject({ id: z.string() }).optional(),
  custom_outputs: z.record(z.string(), z.unknown()),
});
export type WireResponse = Omit<z.infer<typeof WireResponse>, "output"> & { output: WireItem[] };

const STATUS: Record<string, string> = {
  "response.created": "in_progress",
  "response.in_progress": "in_progress",
  "response.completed": "completed",
  "response.incomplete": "incomplete",
  "response.failed": "failed",
};

/** `event` is the lifecycle event that carries it; a body that is not streamed counts as `response.completed`. */
export function checkResponseObject(value: unknown, event: string): WireResponse {
  const response = WireResponse.parse(value);
  const open = response.status === "in_progress";
  const rules: [boolean, string][] = [
    [
      response.status === STATUS[event] ||
        (response.status === "cancelled" && event === "response.incomplete"),
      `status ${response.status} in ${event}`,
    ],
    [open === (response.usage === null), "usage is known at the end"],
    [!open || response.output.length === 0, "no output at the start"],
    [(response.status === "failed") === (response.error !== null), "error belongs to failed"],
    [(response.status === "incomplete") === (response.incomplete_details !== null), "reason of incomplete"],
    [(response.status === "completed") === (response.completed_at !== null), "completed_at of completed"],
  ];
  for (const [holds, rule] of rules) if (!holds) throw new Error(`response: ${rule}`);
  return response;
}
