/** Token counts in the Responses and in the chat completions form. */
import type { TokenUsage } from "../backend.ts";
import { asNumber, asObject } from "../json-fields.ts";

/** Null when nothing was counted. */
export function readTokenUsage(value: unknown): TokenUsage | null {
  const usage = asObject(value);
  if (usage === null) return null;
  const input = asNumber(usage["input_tokens"]) ?? asNumber(usage["prompt_tokens"]);
  const output = asNumber(usage["output_tokens"]) ?? asNumber(usage["completion_tokens"]);
  if (input === null && output === null) return null;
  const of_input = asObject(usage["input_tokens_details"]) ?? asObject(usage["prompt_tokens_details"]);
  const of_output = asObject(usage["output_tokens_details"]) ?? asObject(usage["completion_tokens_details"]);
  return {
    input_tokens: input ?? 0,
    cached_tokens: asNumber(of_input?.["cached_tokens"]) ?? 0,
    output_tokens: output ?? 0,
    reasoning_tokens: asNumber(of_output?.["reasoning_tokens"]) ?? 0,
  };
}

/** One answer may come from several inner model turns. */
export function addUsage(sum: TokenUsage | null, more: TokenUsage | null): TokenUsage | null {
  if (sum === null || more === null) return sum ?? more;
  return {
    input_tokens: sum.input_tokens + more.input_tokens,
    cached_tokens: sum.cached_tokens + more.cached_tokens,
    output_tokens: sum.output_tokens + more.output_tokens,
    reasoning_tokens: sum.reasoning_tokens + more.reasoning_tokens,
  };
}
