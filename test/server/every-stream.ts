/** Runs with every test file: each event stream that a server of ours sends in this process is held against the contract. */
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, afterEach } from "vitest";
import { checkStream, type CheckOptions } from "./stream-checker.ts";
import { splitFrames } from "./stream-frames.ts";

const OURS = /^(\/v1)?\/(responses|invocations)\b/;
const DONE = "data: [DONE]\n\n";

const violations: string[] = [];

subscribe("http.server.request.start", (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const { url = "" } = request;
  if (OURS.test(url)) listen(request, response);
});

function listen(request: IncomingMessage, response: ServerResponse): void {
  const write = response.write.bind(response);
  let raw = "";
  const tapped = (...args: Parameters<typeof write>): boolean => {
    raw += String(args[0]);
    return write(...args);
  };
  Object.assign(response, { write: tapped });
  response.once("close", () => {
    // The sandbox has paths of the same names; its streams have other headers.
    if (raw === "" || response.getHeader("x-accel-buffering") !== "no") return;
    try {
      check(raw, optionsOf(request));
    } catch (error) {
      violations.push(`${request.method} ${request.url}: ${String(error)}`);
    }
  });
}

function optionsOf({ url = "", headers }: IncomingMessage): CheckOptions {
  const after = new URL(url, "http://localhost").searchParams.get("starting_after");
  return {
    extraEvents: headers["x-orchestrator-events"] === "1",
    traceFrame: headers["x-mlflow-return-trace-id"]?.toString().toLowerCase() === "true",
    ...(after === null ? {} : { startingAfter: Number(after) }),
  };
}

/** A stream that broke off is right as far as it goes. */
function check(raw: string, options: CheckOptions): void {
  if (raw.endsWith(DONE)) return void checkStream(raw, options);
  const first = (options.startingAfter ?? -1) + 1;
  const { events } = splitFrames(raw.slice(0, raw.lastIndexOf("\n\n") + 2) + DONE);
  const at = events.findIndex((event, index) => event.sequence_number !== first + index);
  if (at !== -1) throw new Error(`stream: sequence_number ${events[at]?.sequence_number} at ${first + at}`);
}

/** What was found wrong since the last look. */
export function takeViolations(): string[] {
  return violations.splice(0);
}

function report(): void {
  const found = takeViolations();
  if (found.length > 0) throw new Error(found.join("\n"));
}

afterEach(report);
afterAll(report);
