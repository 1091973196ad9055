/** Asks a model for JSON of a given shape: schema in the request, lenient parsing, zod, one repair turn. */
import { z } from "zod";
import type { TokenUsage } from "../backend.ts";
import type { ChatMessage, ChatModel, ChatRequest, ModelCall } from "../chat-model.ts";
import { BackendError } from "../errors.ts";
import { fault } from "../fault.ts";
import { parseJson, type JsonObject } from "../json-fields.ts";
import { addUsage } from "../responses/token-usage.ts";

export interface StructuredRequest<T> {
  /** Name of the schema on the wire: `^[a-zA-Z0-9_-]+$`. */
  name: string;
  schema: z.ZodType<T>;
  messages: ChatMessage[];
  max_output_tokens?: number;
  temperature?: number;
}

export interface StructuredResult<T> {
  value: T;
  usage: TokenUsage | null;
  model: string;
  /** Whether the first answer had to be corrected. */
  repaired: boolean;
}

/** Throws `BackendError`: `malformed` when the repair did not help either, else what the model's call threw. */
export async function askJson<T>(
  model: ChatModel,
  request: StructuredRequest<T>,
  call: ModelCall,
): Promise<StructuredResult<T>> {
  const first = await complete(model, request, request.messages, call);
  const read = readJson(first.text, request.schema);
  if (read.ok) return { value: read.value, usage: first.usage, model: first.model, repaired: false };
  const repair: ChatMessage[] = [
    ...request.messages,
    { role: "assistant", content: first.text === "" ? "(empty)" : first.text },
    {
      role: "user",
      content: `That is not valid: ${read.problem}\nAnswer again with the corrected JSON only.`,
    },
  ];
  const second = await complete(model, request, repair, call);
  const again = readJson(second.text, request.schema);
  if (!again.ok) throw fault("malformed", { backend: model.name, cause: new Error(again.problem) });
  return {
    value: again.value,
    usage: addUsage(first.usage, second.usage),
    model: second.model,
    repaired: true,
  };
}

/** A model that refuses `response_format` is asked once more in words alone. */
async function complete<T>(
  model: ChatModel,
  request: StructuredRequest<T>,
  messages: ChatMessage[],
  call: ModelCall,
) {
  const schema = wireSchema(request.schema);
  const { name, max_output_tokens, temperature } = request;
  const base: ChatRequest = { messages, max_output_tokens, temperature };
  try {
    return await model.complete({ ...base, json_schema: { name, schema, strict: true } }, call);
  } catch (error) {
    if (!(error instanceof BackendError) || error.code !== "rejected") throw error;
    const content = `Answer with JSON only, following this JSON schema:\n${JSON.stringify(schema)}`;
    return await model.complete({ ...base, messages: [...messages, { role: "user", content }] }, call);
  }
}

/** As strict servers want it: no `$schema`, and nothing optional, as zod fills in its defaults itself. */
export function wireSchema(schema: z.ZodType): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return rest as JsonObject;
}

type Read<T> = { ok: true; value: T } | { ok: false; problem: string };

/** Takes the JSON out of code fences and out of words before and after it. */
export function readJson<T>(text: string, schema: z.ZodType<T>): Read<T> {
  const candidates = [text, /```(?:json)?\s*([\s\S]*?)```/.exec(text)?.[1], outermost(text, "{", "}"), outermost(text, "[", "]")]; // prettier-ignore
  let problem = "it is not JSON.";
  for (const candidate of candidates) {
    const json = candidate === undefined ? undefined : parseJson(candidate.trim());
    if (json === undefined) continue;
    const parsed = schema.safeParse(json);
    if (parsed.success) return { ok: true, value: parsed.data };
    problem = z.prettifyError(parsed.error).slice(0, 2_000);
  }
  return { ok: false, problem };
}

function outermost(text: string, open: string, close: string): string | undefined {
  const [from, to] = [text.indexOf(open), text.lastIndexOf(close)];
  return from >= 0 && to > from ? text.slice(from, to + 1) : undefined;
}
