/** The client's own tools, how they may be chosen, and the form of text it wants (Responses contract section 2.2). */
import { z } from "zod";

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "must match ^[a-zA-Z0-9_-]{1,64}$");

export const FunctionTool = z.object({
  type: z.literal("function"),
  name: toolName,
  description: z.string().nullish(),
  parameters: z.record(z.string(), z.json()).nullish(),
  strict: z.boolean().nullish(),
});
export type FunctionTool = z.infer<typeof FunctionTool>;

export const ToolChoice = z.union([
  z.enum(["auto", "none", "required"]),
  z.object({ type: z.literal("function"), name: toolName }),
  z.object({
    type: z.literal("allowed_tools"),
    mode: z.enum(["auto", "required"]).default("auto"),
    tools: z.array(z.looseObject({ type: z.literal("function"), name: toolName })).min(1),
  }),
]);
export type ToolChoice = z.infer<typeof ToolChoice>;

const jsonSchemaBody = {
  name: z.string().min(1).max(64),
  description: z.string().nullish(),
  schema: z.record(z.string(), z.json()),
  strict: z.boolean().nullish(),
};

/** The flat form is OpenAI's, the nested one comes from the Databricks provider. */
export const TextFormat = z.union([
  z.object({ type: z.literal("text") }),
  z.object({ type: z.literal("json_object") }),
  z.object({ type: z.literal("json_schema"), json_schema: z.object(jsonSchemaBody) }),
  z.object({ type: z.literal("json_schema"), ...jsonSchemaBody }),
]);
