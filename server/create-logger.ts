/** The log of the process: JSON lines, pretty in a terminal, with trace ids, and no secret in any line. */
import { isValidTraceId, trace } from "@opentelemetry/api";
import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";
import { createRedact } from "../tracing/redact.ts";

export interface RedactingLogger {
  logger: Logger;
  /** Further patterns, once the configuration is known. */
  redact: (patterns: readonly string[]) => void;
}

export interface LogOptions {
  level: string;
  /** For people at a terminal. */
  pretty: boolean;
  /** Standard output unless given. */
  destination?: DestinationStream;
}

export function createLogger({ level, pretty, destination }: LogOptions): RedactingLogger {
  let clean = createRedact([]);
  const options: LoggerOptions = {
    level,
    mixin: traceFields,
    // The whole line: a secret may stand in a message, a stack or a field.
    hooks: { streamWrite: (line) => clean(line) },
    ...(pretty ? { transport: { target: "pino-pretty", options: { ignore: "pid,hostname" } } } : {}),
  };
  return {
    logger: destination === undefined ? pino(options) : pino(options, destination),
    redact: (patterns) => {
      clean = createRedact(patterns);
    },
  };
}

/** Of the request under way, so that log and trace can be joined. */
function traceFields(): object {
  const trace_id = trace.getActiveSpan()?.spanContext().traceId;
  return trace_id === undefined || !isValidTraceId(trace_id) ? {} : { trace_id };
}
