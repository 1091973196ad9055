/** Runs with every test file: each event stream that a server of ours sends in this process is held against the contract. */
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterAll, afterEach } from "vitest";
import type { CheckOptions } from "./stream-checker.ts";

const OURS = /^(\/v1)?\/(responses|invocations)\b/;
const DONE = "data: [DONE]\n\n";

interface Sent {
  name: string;
  raw: string;
  options: CheckOptions;
}

let sent: Sent[] = [];

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
    sent.push({ name: `${request.method} ${request.url}`, raw, options: optionsOf(request) });
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

/** What was wrong with the streams since the last look. Most files send none, and so load no checker. */
export async function takeViolations(): Promise<string[]> {
  const streams = sent;
  sent = [];
  const found: string[] = [];
  for (const { name, raw, options } of streams) {
    try {
      await check(raw, options);
    } catch (error) {
      found.push(`${name}: ${String(error)}`);
    }
  }
  return found;
}

/** A stream that broke off is right as far as it goes. */
async function check(raw: string, options: CheckOptions): Promise<void> {
  const { checkStream } = await import("./stream-checker.ts");
  if (raw.endsWith(DONE)) return void checkStream(raw, options);
  const { splitFrames } = await import("./stream-frames.ts");
  const first = (options.startingAfter ?? -1) + 1;
  const { events } = splitFrames(raw.slice(0, raw.lastIndexOf("\n\n") + 2) + DONE);
  const at = events.findIndex((event, index) => event.sequence_number !== first + index);
  if (at !== -1) throw new Error(`stream: sequence_number ${events[at]?.sequence_number} at ${first + at}`);
}

async function report(): Promise<void> {
  const found = await takeViolations();
  if (found.length > 0) throw new Error(found.join("\n"));
}

afterEach(report);
afterAll(report);
