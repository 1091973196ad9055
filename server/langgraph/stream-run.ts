/** A run as server-sent events in the modes that the client asked for. */
import { GRAPH_MODES } from "../../graphs/steering.ts";
import type { Exchange } from "../exchange.ts";
import { watchStream } from "../request-line.ts";
import type { RunFailure } from "../responses/run-failure.ts";
import { SseStream } from "../sse-stream.ts";
import { AnswerMessages } from "./answer-messages.ts";
import type { PlannedRun } from "./plan-run.ts";
import { runLocation } from "./run-location.ts";
import { runPlanned } from "./run-planned.ts";
import type { RunRequest, StreamMode } from "./run-request.ts";
import { asUuid } from "./uuid.ts";
import type { FoundThread } from "../threads/find-thread.ts";
import { wireJson } from "./wire-json.ts";

export async function streamRun(exchange: Exchange, planned: PlannedRun, body: RunRequest): Promise<void> {
  const modes = modesOf(body);
  const { run_id } = planned.turn;
  const messages = new AnswerMessages(modes, `msg_${run_id}`);
  let stream: EventStream | null = null;
  const send = (event: string, data: unknown) => stream?.send(event, data);
  const failure = await runPlanned(exchange, planned, {
    open: () => {
      runLocation(exchange, planned);
      stream = openEvents(exchange, planned.thread);
      send("metadata", { run_id: asUuid(run_id), attempt: 1 });
    },
    watch: {
      modes: GRAPH_MODES.filter((mode) => modes.includes(mode)),
      chunk: send,
      event: (event) => {
        if (modes.includes("custom")) send("custom", event);
        for (const [name, data] of messages.hear(event)) send(name, data);
      },
      ended: () => {},
    },
  });
  if (failure !== null) send("error", errorData(failure));
  finish(stream);
}

export interface EventStream {
  send: (event: string, data: unknown) => void;
  end: () => void;
}

export function openEvents(exchange: Exchange, thread: FoundThread): EventStream {
  const { keep_alive_ms, limits } = exchange.services.config.server;
  watchStream(exchange);
  const stream = new SseStream(exchange.res, { keep_alive_ms, limits });
  return {
    send: (event, data) => stream.write(`event: ${event}\ndata: ${wireJson(data, thread)}\n\n`),
    end: () => stream.cut(),
  };
}

/** As LangGraph's server tells of a failed run. */
export function errorData({ code, message }: Pick<RunFailure, "message"> & { code: string }): {
  error: string;
  message: string;
} {
  return { error: code, message };
}

function modesOf({ stream_mode }: RunRequest): StreamMode[] {
  if (stream_mode === undefined || stream_mode === null) return ["values"];
  return typeof stream_mode === "string" ? [stream_mode] : stream_mode;
}

function finish(stream: EventStream | null): void {
  stream?.end();
}
