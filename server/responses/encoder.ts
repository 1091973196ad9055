/** The codec: what a run tells becomes wire events and, from the same source, the response object. Pure. */
import type { TurnResult } from "../../graphs/run.ts";
import type { RunEvent } from "../../nodes/run-context.ts";
import type { Answer } from "../../nodes/state.ts";
import { writeApprovalRequest, writeFunctionCall } from "./call-writer.ts";
import { callItems, FunctionCallItems, type CallItems } from "./call-items.ts";
import { urlCitations } from "./citations.ts";
import { closeInterrupted } from "./close-interrupted.ts";
import { customOutputs } from "./custom-outputs.ts";
import { EventWriter, type FrameSink } from "./event-writer.ts";
import { MessageWriter } from "./message-writer.ts";
import type { ItemStatus } from "./output-items.ts";
import { Output, type OutputOptions } from "./output.ts";
import { progressText } from "./progress-text.ts";
import { ReasoningWriter } from "./reasoning-writer.ts";
import { holdsAnswer, type RestoredOutput, unansweredCalls } from "./restored-output.ts";
import type { BackendItems } from "./request-schema.ts";
import type { ResponseBody, ResponseStatus } from "./response-body.ts";
import { responseErrorCode, type RunFailure } from "./run-failure.ts";
import { sumUsage } from "./usage.ts";

export interface EncoderOptions extends OutputOptions {
  /** The response as it stands at the start. */
  body: ResponseBody;
  backendItems: BackendItems;
  /** Write `orchestrator.*` events beside the standard ones. */
  extraEvents: boolean;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Null for a body that is not streamed. */
  sink: FrameSink | null;
  /** What the process wrote that this one takes the run over from; call `resume` instead of `start`. */
  restored?: RestoredOutput;
}

/** Call `start`, `push` for every event, then `finish` or `fail`, then `end`. Items are written one after the other. */
export class ResponseEncoder {
  readonly #options: EncoderOptions;
  readonly #events: EventWriter;
  readonly #output: Output;
  readonly #calls: CallItems | null;
  #message: MessageWriter | null = null;
  #reasoning: ReasoningWriter | null = null;
  #lastProgress = "";
  /** Calls that ended while the answer was being written: they follow it. */
  #deferred: RunEvent[] = [];
  #answered = false;
  #called = false;
  #spoke = false;

  constructor(options: EncoderOptions) {
    this.#options = options;
    const { restored } = options;
    this.#events = new EventWriter(options.sink, restored?.sequence);
    this.#output = new Output(this.#events, options, restored);
    this.#calls = callItems(options.backendItems, this.#output);
    this.#answered = restored !== undefined && holdsAnswer(restored, options.body);
  }

  /** Whether a backend was asked. */
  get called(): boolean {
    return this.#called;
  }

  /** Whether any text of the answer was written. */
  get spoke(): boolean {
    return this.#spoke;
  }

  start(): void {
    this.#events.lifecycle("response.created", this.#options.body);
    this.#events.lifecycle("response.in_progress", this.#options.body);
  }

  /** Closes what was being written: a model does not repeat its words, so the answer comes as a fresh item. */
  resume(): void {
    const { restored } = this.#options;
    if (restored === undefined) return;
    if (!this.#answered && this.#calls instanceof FunctionCallItems)
      this.#calls.adopt(unansweredCalls(restored.items));
    if (restored.open !== null) closeInterrupted(this.#output, restored.open);
  }

  push(event: RunEvent): void {
    if (event.type === "text") {
      this.#text(event.delta);
      return;
    }
    if (this.#options.extraEvents) {
      const { type, ...fields } = event;
      this.#events.extra(`orchestrator.${type}`, fields);
    }
    if (event.type === "answer") this.#answer(event.answer);
    else this.#step(event);
  }

  /** Closes every item; the returned body is what `end` sends and what is kept. */
  finish(result: TurnResult): ResponseBody {
    if (result.answer !== null) this.#answer(result.answer);
    else if (result.status === "interrupted") this.#approvals(result);
    else this.#closeItems("completed");
    this.#calls?.settle(result.findings);
    const capped = result.answer?.finish_reason === "length";
    return {
      ...this.#closed(capped ? "incomplete" : "completed", result),
      incomplete_details: capped ? { reason: "max_output_tokens" } : null,
    };
  }

  fail(failure: RunFailure, result: TurnResult | null): ResponseBody {
    this.#closeItems("incomplete");
    this.#calls?.settle(result?.findings ?? []);
    return {
      ...this.#closed("failed", result),
      error: { code: responseErrorCode(failure), message: failure.message },
    };
  }

  cancel(): ResponseBody {
    this.#closeItems("incomplete");
    this.#calls?.settle([]);
    return this.#closed("cancelled", null);
  }

  /** The terminal events; of a cancelled run `response.incomplete`, as no type of its own exists. A failure is told twice, because half of the clients hear only one (decision 2). */
  end(body: ResponseBody, failure: RunFailure | null): void {
    if (failure !== null) {
      const error = { type: "server_error", code: failure.code, message: failure.message, param: null };
      this.#events.emit("error", { code: error.code, message: error.message, param: null, error });
      this.#events.lifecycle("response.failed", body);
      return;
    }
    const whole = body.status === "completed";
    this.#events.lifecycle(whole ? "response.completed" : "response.incomplete", body);
  }

  #text(delta: string): void {
    if (delta === "" || this.#answered) return;
    this.#openMessage().write(delta);
  }

  #openMessage(): MessageWriter {
    if (this.#message === null) {
      this.#closeReasoning();
      this.#spoke = true;
      this.#message = new MessageWriter(this.#output, this.#output.id("msg"));
    }
    return this.#message;
  }

  #step(event: Exclude<RunEvent, { type: "text" | "answer" }>): void {
    if (this.#answered) return;
    if (event.type === "step_started") this.#called = true;
    if (this.#message !== null) {
      if (event.type === "step_started" || event.type === "step_finished") this.#deferred.push(event);
      return;
    }
    if (event.type === "step_started" && this.#calls instanceof FunctionCallItems) this.#show(event);
    else if (event.type === "step_finished" && this.#calls !== null) this.#show(event);
    else this.#progress(event);
  }

  /** Writes the item of a call; reasoning stands before it, not around it. */
  #show(event: RunEvent): void {
    this.#closeReasoning();
    if (event.type === "step_started") this.#calls?.started(event);
    if (event.type === "step_finished") this.#calls?.finished(event.finding);
  }

  #progress(event: RunEvent): void {
    if (event.type === "step_started") this.#calls?.started(event);
    if (this.#options.backendItems === "none") return;
    const text = progressText(event);
    if (text === null || text === this.#lastProgress) return;
    this.#lastProgress = text;
    this.#reasoning ??= new ReasoningWriter(this.#output, this.#output.id("rs"));
    this.#reasoning.write(text);
  }

  #answer(answer: Answer): void {
    if (this.#answered) return;
    const written = this.#message?.text ?? "";
    if (answer.text.startsWith(written)) this.#text(answer.text.slice(written.length));
    if (answer.tool_calls.length === 0) this.#openMessage();
    const status = answer.finish_reason === "length" ? "incomplete" : "completed";
    this.#closeItems(status, answer);
    for (const call of answer.tool_calls) this.#toolCall(call);
    this.#answered = true;
  }

  /** A call that the client is to make. Its id is ours: it leads back to this response when the output comes. */
  #toolCall(call: Answer["tool_calls"][number]): void {
    writeFunctionCall(this.#output, {
      type: "function_call",
      id: this.#output.id("fc"),
      call_id: this.#output.id("call"),
      name: call.name,
      arguments: call.arguments,
      status: "completed",
    });
  }

  #approvals(result: TurnResult): void {
    if (this.#options.backendItems !== "function_call") {
      const requests = result.approvals.map(({ backend, reason }) => `${backend} (${reason})`);
      this.#text(`Your approval is needed first: ${requests.join(", ")}.`);
    }
    this.#closeItems("completed");
    if (this.#options.backendItems !== "function_call") return;
    for (const approval of result.approvals) {
      writeApprovalRequest(this.#output, {
        type: "mcp_approval_request",
        id: approval.id,
        server_label: approval.backend,
        name: approval.backend,
        arguments: JSON.stringify(approval.payload),
      });
    }
  }

  #closeItems(status: Exclude<ItemStatus, "in_progress">, answer?: Answer): void {
    this.#closeReasoning();
    if (this.#message !== null) {
      this.#message.close(urlCitations(answer?.citations ?? [], this.#message.text), status);
      this.#message = null;
    }
    for (const event of this.#deferred.splice(0)) if (this.#calls !== null) this.#show(event);
    this.#calls?.end();
  }

  #closeReasoning(): void {
    this.#reasoning?.close();
    this.#reasoning = null;
  }

  #closed(status: ResponseStatus, result: TurnResult | null): ResponseBody {
    const { body, clock } = this.#options;
    return {
      ...body,
      status,
      completed_at: status === "completed" ? Math.floor(clock() / 1000) : null,
      output: [...this.#output.items],
      usage: sumUsage(result?.usage ?? []),
      custom_outputs: { ...body.custom_outputs, ...(result === null ? {} : customOutputs(result)) },
    };
  }
}
