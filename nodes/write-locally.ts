/** Writes without a model: the composer for findings, a sentence and an offer when no backend was asked. */
import type { BackendConfig } from "../config/schema.ts";
import type { Plan } from "../routing/plan.ts";
import { compose } from "./compose.ts";
import { noBackendAnswer } from "./no-backend-answer.ts";
import { createLinkFilter } from "./link-filter.ts";
import type { RunContext } from "./run-context.ts";
import { shownAddresses } from "./shown-addresses.ts";
import type { SynthesisInput } from "./synthesis-prompt.ts";
import type { Written } from "./written.ts";

/** `fallback` says why the model did not write it, when it should have. */
export function writeLocally(
  input: SynthesisInput & { plan: Plan | null },
  backends: BackendConfig[],
  run: RunContext,
  fallback: string | null,
): Written {
  const blocks =
    input.findings.length === 0 ? [noBackendAnswer(input.plan, backends, input)] : withoutStrangers(input);
  for (const delta of blocks) run.emit({ type: "text", delta });
  const text = blocks.join("");
  return { text, composer: "extractive", fallback, finish_reason: "stop", tool_calls: [], usage: [] };
}

/** What backends said holds no link that the evidence does not. */
function withoutStrangers(input: SynthesisInput): string[] {
  const links = createLinkFilter(shownAddresses(input));
  return compose(input).map((block) => links.push(block) + links.end());
}
