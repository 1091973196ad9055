/** Streams the synthesizer's answer: the claims tail is cut off, and with the gate numbers are checked before they show. */
import type { ChatModel, ChatRequest, ChatResult, ModelCall } from "../backends/chat-model.ts";
import { BackendError } from "../backends/errors.ts";
import { checkAnswer } from "../grounding/check-answer.ts";
import { parseClaims, type Claim } from "../grounding/claims.ts";
import { createTailFilter } from "../grounding/tail-filter.ts";
import { isFailed } from "../grounding/verification.ts";
import { evidenceEntries } from "./evidence-entries.ts";
import { createLinkFilter, type LinkFilter } from "./link-filter.ts";
import { revise, type Revision } from "./revise.ts";
import type { RunContext } from "./run-context.ts";
import { createSentenceGate, type Unconfirmed } from "./sentence-gate.ts";
import type { NodeUsage } from "./state.ts";
import { shownAddresses } from "./shown-addresses.ts";
import { synthesisMessages, type SynthesisInput } from "./synthesis-prompt.ts";
import type { Written } from "./written.ts";

export interface ModelWriter {
  model: ChatModel;
  /** Hold numbers back until they are confirmed. */
  gate: boolean;
  /** Writes again what the gate could not confirm; null leaves it flagged. */
  reviser?: ChatModel | null;
  clock: () => number;
  price(model: string, usage: NonNullable<NodeUsage["usage"]>): number | null;
}

/** Time that the composer keeps for itself, should the model not come to an end. */
const COMPOSE_MS = 1_000;

/** The text shown so far and why the model stopped, when it did not finish. */
export class BrokenOff extends Error {
  readonly shown: string;
  readonly reason: string;

  constructor(shown: string, reason: string) {
    super(`The model broke off: ${reason}`);
    this.name = "BrokenOff";
    this.shown = shown;
    this.reason = reason;
  }
}

/** Throws `BrokenOff` for every fault of the model; the caller's abort passes through. */
export async function writeWithModel(
  writer: ModelWriter,
  input: SynthesisInput,
  run: RunContext,
): Promise<Written> {
  const { model, clock } = writer;
  const began = clock();
  const page = openPage(writer, input, run);
  const call = { signal: run.signal, deadline: run.deadline - COMPOSE_MS };
  try {
    const result = await model.stream(requestOf(input), call, (delta) => page.write(delta));
    const draft = page.close();
    const spent = clock() - began;
    const revision = await revised(writer, input, draft, call);
    const { claims } = revision.better ?? draft;
    page.finish(claims, revision.better?.text);
    const calls = offeredCalls(result, input);
    if (page.shown() === "" && calls.length === 0) throw new BrokenOff("", `${model.name}: empty answer`);
    return {
      ...written(result, calls),
      text: page.shown(),
      claims,
      usage: [usageOf(writer, result, spent), ...revision.usage],
    };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    page.breakOff();
    throw new BrokenOff(page.shown(), `${model.name}: ${error.code}`);
  }
}

/** Everything between the model's words and the reader. */
function openPage(writer: ModelWriter, input: SynthesisInput, run: RunContext) {
  const tail = createTailFilter();
  const gate = writer.gate ? createSentenceGate(checkWith(input)) : null;
  const links = linksOf(input);
  let whole = "";
  let shown = "";
  const show = (delta: string) => {
    if (delta === "") return;
    shown += delta;
    run.emit({ type: "text", delta });
  };
  const pass = (prose: string) => show(gate === null ? prose : gate.push(prose));
  return {
    shown: () => shown,
    /** The word that was under way. */
    breakOff: () => pass(links?.end() ?? ""),
    write: (delta: string) => {
      whole += delta;
      const prose = tail.push(delta);
      pass(links?.push(prose) ?? prose);
    },
    close: () => {
      const rest = tail.end();
      pass(links === null ? rest : links.push(rest) + links.end());
      return { ...parseClaims(whole), whole, shown, held: gate?.held() ?? "" };
    },
    finish: (claims: Claim[], revision?: string) => {
      const filter = revision === undefined ? null : linksOf(input);
      const rest =
        filter === null || revision === undefined ? revision : filter.push(revision) + filter.end();
      show(gate?.end(claims, rest) ?? "");
    },
  };
}

function linksOf(input: SynthesisInput): LinkFilter | null {
  const { options, findings } = input;
  const json = options.json_schema !== undefined || options.json_object === true;
  return json || findings.length === 0 ? null : createLinkFilter(shownAddresses(input));
}

/** What the gate could not confirm, written again by the larger model, where that confirms more. */
async function revised(
  writer: ModelWriter,
  input: SynthesisInput,
  draft: { claims: Claim[]; whole: string; shown: string; held: string },
  call: ModelCall,
): Promise<{ better: Revision | null; usage: NodeUsage[] }> {
  const { reviser = null, clock } = writer;
  const check = checkWith(input);
  const unconfirmed = reviser === null ? [] : check(draft.held, draft.claims);
  if (reviser === null || unconfirmed.length === 0) return { better: null, usage: [] };
  const began = clock();
  const numbers = unconfirmed.map(({ start, end }) => draft.held.slice(start, end));
  const asked = { ...draft, messages: synthesisMessages(input), unconfirmed: numbers };
  const revision = await revise(reviser, asked, call);
  if (revision === null) return { better: null, usage: [] };
  const usage = [usageOf(writer, revision.result, clock() - began)];
  const fewer = check(revision.text, revision.claims).length < unconfirmed.length;
  return { better: fewer ? revision : null, usage };
}

function checkWith(input: SynthesisInput): Unconfirmed {
  const evidence = evidenceEntries(input.findings, input.evidence);
  const { question } = input;
  return (text, claims) =>
    checkAnswer({ text, claims, citations: [], evidence, question }).numbers.filter(isFailed);
}

function requestOf(input: SynthesisInput): ChatRequest {
  const { max_output_tokens, temperature, top_p, tools, tool_choice, json_schema, json_object } =
    input.options;
  const messages = synthesisMessages(input);
  return { messages, max_output_tokens, temperature, top_p, tools, tool_choice, json_schema, json_object };
}

/** A model may have read of a tool, or invented one: the client gets calls of its own tools alone. */
function offeredCalls({ tool_calls }: ChatResult, { options }: SynthesisInput): ChatResult["tool_calls"] {
  const offered = new Set(options.tool_choice === "none" ? [] : options.tools?.map(({ name }) => name));
  return tool_calls.filter(({ name }) => offered.has(name));
}

function written(
  { finish_reason }: ChatResult,
  tool_calls: ChatResult["tool_calls"],
): Pick<Written, "composer" | "fallback" | "finish_reason" | "tool_calls"> {
  const ended = tool_calls.length > 0 ? "tool_calls" : "stop";
  return {
    composer: "model",
    fallback: null,
    finish_reason: finish_reason === "length" ? "length" : ended,
    tool_calls,
  };
}

function usageOf(writer: ModelWriter, { model, usage }: ChatResult, latency_ms: number): NodeUsage {
  const usd = usage === null ? null : writer.price(model, usage);
  return { node: "synthesize", model, calls: 1, usage, latency_ms, usd };
}
