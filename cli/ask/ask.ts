/** `orchestrator ask`: a question to a running server, streamed to the terminal with its steps and citations. */
import { z } from "zod";
import { paint } from "../terminal.ts";
import type { Terminal } from "../terminal.ts";
import { readEvents } from "./read-events.ts";
import { showEvent } from "./show-event.ts";

export interface AskOptions {
  /** Address of the server, without a path. */
  url: string;
  question: string;
  /** Id of the response to go on from. */
  previous?: string;
  /** Bearer token, for servers that want one. */
  token?: string;
  /** Print the response object instead of the text. */
  json: boolean;
  signal?: AbortSignal;
}

const ErrorBody = z.object({ error: z.object({ message: z.string() }) });
/** Returns the exit code: 0 for an answer, 1 for none. */
export async function ask(options: AskOptions, terminal: Terminal): Promise<number> {
  if (!URL.canParse(options.url))
    return complain(
      terminal,
      `--url is no address: ${options.url}. Write one such as http://127.0.0.1:8000.`,
    );
  const response = await post(options).catch((error: unknown) => {
    if (!isNoServer(error)) throw error;
    return null;
  });
  if (response === null)
    return complain(terminal, `No server answers at ${options.url}. Start one with \`npm start\`.`);
  if (!response.ok) return complain(terminal, await refusal(response));
  if (options.json) {
    terminal.out(`${JSON.stringify(await response.json(), null, 2)}\n`);
    return 0;
  }
  return response.body === null
    ? complain(terminal, "The answer has no body.")
    : show(response.body, terminal);
}

async function post(options: AskOptions): Promise<Response> {
  return fetch(new URL("/responses", options.url), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(options.json ? {} : { "x-orchestrator-events": "1" }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    },
    body: JSON.stringify({
      input: options.question,
      stream: !options.json,
      ...(options.previous === undefined ? {} : { previous_response_id: options.previous }),
    }),
    signal: options.signal,
  });
}

async function show(body: ReadableStream<Uint8Array>, terminal: Terminal): Promise<number> {
  let ended: string | null = null;
  for await (const event of readEvents(body)) {
    showEvent(event, terminal);
    if ("response" in event) ended = event.type;
  }
  if (ended === null) return complain(terminal, "The stream ended before the answer did.");
  return ended === "response.failed" ? 1 : 0;
}

async function refusal(response: Response): Promise<string> {
  const body = ErrorBody.safeParse(await response.json().catch(() => null));
  return body.success ? body.data.error.message : `The server answered ${response.status}.`;
}

function complain(terminal: Terminal, sentence: string): number {
  terminal.err(`${paint(terminal, "red", sentence)}\n`);
  return 1;
}

/** `fetch` tells every failure to connect as a TypeError with a cause. */
function isNoServer(error: unknown): boolean {
  return error instanceof TypeError && error.cause instanceof Error;
}
