/** What a planning model must write, as JSON schema for the wire and as zod for what comes back. */
import { z } from "zod";
import type { Json } from "../../backends/backend.ts";

/** Every field is required and nothing is nullable, so that strict structured output accepts it anywhere. */
export function replySchema(backends: readonly string[]): Json {
  const text: Json = { type: "string" };
  const texts: Json = { type: "array", items: text };
  return object({
    kind: { type: "string", enum: ["plan", "direct", "clarify", "refuse"] },
    steps: {
      type: "array",
      items: object({
        id: text,
        backend: { type: "string", enum: [...backends] },
        question: text,
        depends_on: texts,
        extract: {
          type: "array",
          items: object({
            name: text,
            type: { type: "string", enum: ["text", "number", "list"] },
            column: text,
            limit: { type: "integer" },
          }),
        },
        optional: { type: "boolean" },
        why: text,
        confidence: { type: "number" },
        rejected: { type: "array", items: object({ backend: text, reason: text }) },
      }),
    },
    clarify_question: text,
    clarify_options: texts,
    refuse_reason: text,
    confidence: { type: "number" },
  });
}

function object(properties: { [key: string]: Json }): Json {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

const share = z.coerce.number().transform((value) => Math.min(1, Math.max(0, value)));

/** More lenient than the schema on the wire: what a small model leaves out has a sensible default. */
export const Reply = z.object({
  kind: z.enum(["plan", "direct", "clarify", "refuse"]),
  steps: z
    .array(
      z.object({
        id: z.string(),
        backend: z.string(),
        question: z.string().min(1).max(4_000),
        depends_on: z.array(z.string()).default([]),
        extract: z
          .array(
            z.object({
              name: z.string(),
              type: z.enum(["text", "number", "list"]).default("list"),
              column: z.string().default(""),
              limit: z.coerce.number().default(10),
            }),
          )
          .default([]),
        optional: z.boolean().default(false),
        why: z.string().default(""),
        confidence: share.default(0.7),
        rejected: z.array(z.object({ backend: z.string(), reason: z.string().default("") })).default([]),
      }),
    )
    .default([]),
  clarify_question: z.string().default(""),
  clarify_options: z.array(z.string()).default([]),
  refuse_reason: z.string().default(""),
  confidence: share.default(0.7),
});
export type Reply = z.infer<typeof Reply>;

/** The reply, or one sentence per thing that is wrong with its form. */
export function parseReply(text: string): { reply: Reply } | { errors: string[] } {
  const json = /\{[\s\S]*\}/.exec(text)?.[0];
  if (json === undefined) return { errors: ["The reply holds no JSON object."] };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { errors: ["The reply is not valid JSON."] };
  }
  const parsed = Reply.safeParse(value);
  if (parsed.success) return { reply: parsed.data };
  return {
    errors: parsed.error.issues.map((issue) => `${issue.path.join(".") || "reply"}: ${issue.message}.`),
  };
}
