/** Shows backend calls in `output` in the style that the client can take (Responses contract section 3.4). */
import type { Finding } from "../../nodes/state.ts";
import { writeFunctionCall, writeFunctionCallOutput, writeMcpCall } from "./call-writer.ts";
import type { FunctionCallItem } from "./output-items.ts";
import type { Output } from "./output.ts";
import type { BackendItems } from "./request-schema.ts";
import { shorten } from "./progress-text.ts";

const LONGEST_OUTPUT = 4_000;
const UNFINISHED = "Error: the run ended before an answer came.";

/** What both the start and the end of a step tell about it. */
export type StepCall = Pick<Finding, "step" | "backend" | "kind" | "question">;

export interface CallItems {
  started(call: StepCall): void;
  finished(finding: Finding): void;
  /** Closes what is still open, so that no call stays without its output. */
  end(): void;
  /** At the very end: closes what another process had opened, by what came of it. */
  settle(findings: readonly Finding[]): void;
}

/** A call when the step starts, its output when it ends; other items may stand between the two. */
export class FunctionCallItems implements CallItems {
  readonly #output: Output;
  /** `call_id` by step. */
  readonly #open = new Map<string, string>();
  /** Calls that another process has written, waiting for the step that made them. */
  #adopted: FunctionCallItem[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  adopt(calls: readonly FunctionCallItem[]): void {
    this.#adopted = [...calls];
  }

  started(call: StepCall): void {
    if (this.#open.has(call.step) || this.#takeUp(call)) return;
    const callId = this.#output.id("call");
    this.#open.set(call.step, callId);
    writeFunctionCall(this.#output, {
      type: "function_call",
      id: this.#output.id("fc"),
      call_id: callId,
      name: call.backend,
      arguments: argumentsOf(call),
      status: "completed",
    });
  }

  finished(finding: Finding): void {
    if (!this.#open.has(finding.step)) {
      if (finding.status === "skipped" && !this.#takeUp(finding)) return;
      this.started(finding);
    }
    this.#close(finding.step, outcomeOf(finding).text);
  }

  end(): void {
    for (const step of this.#open.keys()) this.#close(step, UNFINISHED);
  }

  settle(findings: readonly Finding[]): void {
    for (const finding of findings) if (this.#takeUp(finding)) this.finished(finding);
    for (const call of this.#adopted.splice(0)) this.#write(call.call_id, UNFINISHED);
  }

  /** True when the step's call was written before; it is then open under the step. */
  #takeUp(call: StepCall): boolean {
    const at = this.#adopted.findIndex(
      ({ name, arguments: asked }) => name === call.backend && asked === argumentsOf(call),
    );
    const [found] = at === -1 ? [] : this.#adopted.splice(at, 1);
    if (found !== undefined) this.#open.set(call.step, found.call_id);
    return found !== undefined;
  }

  #close(step: string, text: string): void {
    const callId = this.#open.get(step);
    if (callId === undefined) return;
    this.#open.delete(step);
    this.#write(callId, text);
  }

  #write(callId: string, text: string): void {
    writeFunctionCallOutput(this.#output, {
      type: "function_call_output",
      id: this.#output.id("fco"),
      call_id: callId,
      output: text,
      status: "completed",
    });
  }
}

/** One item per call, written when the step ended: the type has no way to come back to an item later. */
export class McpCallItems implements CallItems {
  readonly #output: Output;
  readonly #open = new Map<string, StepCall>();

  constructor(output: Output) {
    this.#output = output;
  }

  started(call: StepCall): void {
    this.#open.set(call.step, call);
  }

  finished(finding: Finding): void {
    const started = this.#open.delete(finding.step);
    if (started || finding.status !== "skipped") this.#write(finding, outcomeOf(finding));
  }

  /** Calls are written whole: another process leaves none open. */
  settle(): void {}

  end(): void {
    for (const call of this.#open.values()) this.#write(call, { text: UNFINISHED, failed: true });
    this.#open.clear();
  }

  #write(call: StepCall, outcome: Outcome): void {
    writeMcpCall(this.#output, {
      type: "mcp_call",
      id: this.#output.id("mcp"),
      server_label: call.kind,
      name: call.backend,
      arguments: argumentsOf(call),
      output: outcome.failed ? null : outcome.text,
      error: outcome.failed ? outcome.text : null,
      status: outcome.failed ? "failed" : "completed",
    });
  }
}

/** Null for styles that show no calls. */
export function callItems(style: BackendItems, output: Output): CallItems | null {
  if (style === "function_call") return new FunctionCallItems(output);
  return style === "mcp_call" ? new McpCallItems(output) : null;
}

interface Outcome {
  text: string;
  failed: boolean;
}

function argumentsOf(call: StepCall): string {
  return JSON.stringify({ question: call.question });
}

function outcomeOf(finding: Finding): Outcome {
  if (finding.status === "failed" || finding.status === "skipped") {
    return { text: `Error: ${finding.error?.message ?? "no answer"}`, failed: true };
  }
  return { text: shorten(finding.clarification?.question ?? finding.text, LONGEST_OUTPUT), failed: false };
}
