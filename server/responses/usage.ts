/** Tokens of a response: the sum over every node that reported some, zero-filled as clients demand. */
import type { NodeUsage } from "../../nodes/state.ts";

export interface WireUsage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number; cache_write_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
}

export function sumUsage(nodes: readonly NodeUsage[]): WireUsage {
  let input = 0;
  let cached = 0;
  let output = 0;
  let reasoning = 0;
  for (const { usage } of nodes) {
    if (usage === null) continue;
    input += usage.input_tokens;
    cached += usage.cached_tokens;
    output += usage.output_tokens;
    reasoning += usage.reasoning_tokens;
  }
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}
