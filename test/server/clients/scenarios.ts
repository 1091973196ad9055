/** What every client must live through: an answer over two backends, a failing run in its forms, a cut answer. */
import type { TurnInput } from "../../../graphs/run.ts";
import {
  answerOf,
  findingOf,
  playing,
  type Script,
  turnResult,
  twoBackendRun,
} from "../scripted-orchestrator.ts";
import { startTestServer, type TestServer, WITH_MODEL } from "../test-server.ts";

export const ANSWER = "42 customers churned [1].\n\nThe handbook could not be asked.";
export const CITED_URL = "https://workspace.example.com/genie/rooms/1";
export const ALL_FAILED = "sales_genie answers with 503.";
export const WEATHER_TOOL = {
  name: "get_weather",
  description: "The weather at a place.",
  parameters: { type: "object", properties: { location: { type: "string" } }, required: ["location"] },
};

const USAGE = [
  {
    node: "synthesize",
    model: "m",
    calls: 1,
    usage: { input_tokens: 11, cached_tokens: 0, output_tokens: 2, reasoning_tokens: 0 },
    latency_ms: 5,
    usd: null,
  },
];

const SCENARIOS: Record<string, Script> = {
  backends: playing(twoBackendRun(), { usage: USAGE, findings: [findingOf()] }),
  "all failed": playing(
    [
      { type: "step_started", step: "s1", backend: "sales_genie", kind: "genie", question: "q" },
      {
        type: "step_finished",
        finding: findingOf({
          status: "failed",
          error: { code: "unavailable", message: ALL_FAILED, status: 503 },
        }),
      },
    ],
    { status: "failed", failure: { code: "unavailable", message: ALL_FAILED } },
  ),
  "broken off": async (_input, context) => {
    context.emit({ type: "text", delta: "42 custom" });
    throw new Error("a bug with /internal/path");
  },
  incomplete: playing([{ type: "answer", answer: answerOf("42 cust", { finish_reason: "length" }) }]),
  tool: async (input, context) => {
    const done = (input.options.tool_items ?? []).length > 0;
    const answer = done
      ? answerOf("It is sunny in Oslo.")
      : answerOf("", {
          finish_reason: "tool_calls",
          tool_calls: [{ id: "model-made-id", name: WEATHER_TOOL.name, arguments: '{"location":"Oslo"}' }],
        });
    context.emit({ type: "answer", answer });
    return turnResult({ answer });
  },
};

/** The question picks the scenario. */
function byQuestion(input: TurnInput): Script {
  const script = SCENARIOS[input.question];
  if (script === undefined) throw new Error(`no scenario "${input.question}"`);
  return script;
}

export function startScenarioServer(): Promise<TestServer> {
  return startTestServer({
    config: WITH_MODEL,
    script: (input, context) => byQuestion(input)(input, context),
  });
}
