/** What each client makes of each scenario: the wire tells all of them the same, but not every client passes it all on. */
import type { Observation } from "./client.ts";
import type { Scenario } from "./scenarios.ts";

/** `older`: the version that runs on Node 20. */
type Expect = (scenario: Scenario, older: boolean) => Observation;

const CUT = "incomplete: max_output_tokens";

function error(name: string, message: string, status: number | null): Observation["error"] {
  return { name, message, status };
}

/** The openai SDK and what is built on it. */
const openai = {
  whole: ({ text, status, usage, cites, failure }: Scenario): Observation =>
    failure === null
      ? { text, end: status === "incomplete" ? CUT : status, usage, cites, error: null }
      : {
          text: "",
          end: null,
          usage: null,
          cites: null,
          error: error("InternalServerError", `${failure.status} ${failure.message}`, failure.status),
        },
  stream: (scenario: Scenario): Observation =>
    scenario.failure === null
      ? openai.whole(scenario)
      : {
          text: scenario.text,
          end: null,
          usage: null,
          cites: null,
          error: error("APIError", scenario.failure.message, null),
        },
  /** A failed response is an object like any other; the poller makes the error itself. */
  polled: ({ failure, ...scenario }: Scenario): Observation => ({
    ...openai.whole({ ...scenario, failure: null }),
    error: failure && error("Error", failure.message, null),
  }),
};

/** Passes no citations on, and takes `incomplete` for a failure. */
function agents(base: Expect, streams: boolean): Expect {
  return (scenario, older) => {
    if (scenario.status !== "incomplete") return { ...base(scenario, older), cites: null };
    const said = 'OpenAI Responses request ended with unsuccessful terminal state "response.incomplete".';
    const text = streams ? scenario.text : "";
    return { text, end: null, usage: null, cites: null, error: error("ModelBehaviorError", said, null) };
  };
}

const langchain =
  (base: Expect): Expect =>
  (scenario, older) => {
    const seen = base(scenario, older);
    return { ...seen, cites: seen.cites?.length ? seen.cites : null };
  };

interface Habits {
  /** Citations of a whole body, of a stream. */
  cites: { whole: boolean; stream: boolean };
  /** Backend calls in a whole body end as this. */
  completed?: string;
  /** The stream tells neither tokens nor how it ended. */
  deafToTheEnd?: boolean;
  /** How the message of an HTTP error is shown. */
  refused?: (failure: { status: number; message: string }) => string;
  /** Status of the error part of a stream. */
  streamStatus?: number;
  /** The older version reports a failed stream by its end alone. */
  silentBefore?: boolean;
}

function aiSdk(habits: Habits): { whole: Expect; stream: Expect } {
  const answered = ({ text, status, usage, cites }: Scenario, passed: boolean): Observation => ({
    text,
    end: status === "incomplete" ? "length" : "stop",
    usage,
    cites: passed ? cites : [],
    error: null,
  });
  return {
    whole: (scenario) => {
      const { failure, status } = scenario;
      if (failure === null) {
        const seen = answered(scenario, habits.cites.whole);
        return status === "completed" ? { ...seen, end: habits.completed ?? seen.end } : seen;
      }
      const message = habits.refused?.(failure) ?? failure.message;
      const refused = error("APICallError", message, failure.status);
      return { text: "", end: null, usage: null, cites: null, error: refused };
    },
    stream: (scenario, older) => {
      const { failure } = scenario;
      const name = older ? "Object" : "StreamProviderError";
      const silent = failure === null || (older && habits.silentBefore === true);
      const seen = answered(scenario, habits.cites.stream);
      const end = failure === null ? seen.end : "error";
      return {
        ...seen,
        ...(habits.deafToTheEnd === true ? { end: "stop", usage: [0, 0] } : { end }),
        error: silent ? null : error(name, failure.message, habits.streamStatus ?? null),
      };
    },
  };
}

const BODY_CODE: Record<number, string> = { 500: "server_error", 502: "backend_error" };

const databricks = aiSdk({
  cites: { whole: false, stream: true },
  completed: "tool-calls",
  deafToTheEnd: true,
  refused: ({ status, message }) =>
    JSON.stringify({ error: { message, type: "server_error", param: null, code: BODY_CODE[status] } }),
});
const vercel = aiSdk({ cites: { whole: true, stream: true }, streamStatus: 500 });
const openResponses = aiSdk({
  silentBefore: true,
  cites: { whole: false, stream: false },
  refused: ({ status }) => (status === 502 ? "Bad Gateway" : "Internal Server Error"),
});

export const EXPECTED: Record<string, Expect> = {
  "openai create": openai.whole,
  "openai create stream": openai.stream,
  "openai stream": openai.stream,
  "openai background, polled": openai.polled,
  "openai background, resumed": openai.stream,
  "@openai/agents run": agents(openai.whole, false),
  "@openai/agents run in a conversation": agents(openai.whole, false),
  "@openai/agents stream": agents(openai.stream, true),
  "ChatOpenAI invoke": langchain(openai.whole),
  "ChatOpenAI stream": langchain(openai.stream),
  "@databricks/ai-sdk-provider generate": databricks.whole,
  "@databricks/ai-sdk-provider stream": databricks.stream,
  "@ai-sdk/openai generate": vercel.whole,
  "@ai-sdk/openai stream": vercel.stream,
  "@ai-sdk/open-responses generate": openResponses.whole,
  "@ai-sdk/open-responses stream": openResponses.stream,
};
