/** A text and how it came about: what the writers hand to `synthesize`. */
import type { Answer, NodeUsage } from "./state.ts";

export type Written = Pick<
  Answer,
  "text" | "composer" | "fallback" | "finish_reason" | "tool_calls" | "claims"
> & {
  usage: NodeUsage[];
};
