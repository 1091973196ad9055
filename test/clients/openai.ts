/** The openai SDK in each of its ways to get an answer; the class is handed in, so that several versions can be asked. */
import type OpenAI from "openai";
import { setTimeout as sleep } from "node:timers/promises";
import { observed, type Client, type Collected, type Target } from "./client.ts";

type Response = OpenAI.Responses.Response;

export function openaiClients(SDK: typeof OpenAI): Client[] {
  const ways: Record<string, (sdk: OpenAI, body: Body, seen: Collected) => Promise<void>> = {
    create: async (sdk, body, seen) => note(seen, await sdk.responses.create(body)),
    "create stream": async (sdk, body, seen) =>
      follow(await sdk.responses.create({ ...body, stream: true }), seen),
    stream: async (sdk, body, seen) => {
      const stream = sdk.responses.stream(body);
      stream.on("response.output_text.delta", ({ delta }) => void (seen.text += delta));
      const final = await stream.finalResponse();
      if (final.output_text !== seen.text) throw new Error("The deltas differ from the final text.");
      note(seen, final);
    },
    "background, polled": poll,
    "background, resumed": resume,
  };
  return Object.entries(ways).map(([way, ask]) => ({
    name: `openai ${way}`,
    ask: (target, fetch) =>
      observed((seen) => {
        const sdk = new SDK({ baseURL: `${target.url}/v1`, apiKey: "x", maxRetries: 0, fetch });
        return ask(sdk, bodyOf(target), seen);
      }),
  }));
}

type Body = ReturnType<typeof bodyOf>;

function bodyOf({ question, max_output_tokens }: Target) {
  return { model: "orchestrator", input: question, max_output_tokens };
}

async function poll(sdk: OpenAI, body: Body, seen: Collected): Promise<void> {
  let response = await sdk.responses.create({ ...body, background: true });
  while (response.status === "queued" || response.status === "in_progress") {
    await sleep(20);
    response = await sdk.responses.retrieve(response.id);
  }
  note(seen, response);
  if (response.error !== null) throw new Error(response.error.message);
}

/** Leaves the stream after four events and comes back for the rest. */
async function resume(sdk: OpenAI, body: Body, seen: Collected): Promise<void> {
  let id = "";
  let last = -1;
  for await (const event of await sdk.responses.create({ ...body, background: true, stream: true })) {
    if (event.type === "response.created") ({ id } = event.response);
    last = event.sequence_number;
    if (last === 3) break;
  }
  await follow(await sdk.responses.retrieve(id, { stream: true, starting_after: last }), seen);
}

async function follow(stream: AsyncIterable<OpenAI.Responses.ResponseStreamEvent>, seen: Collected) {
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") seen.text += event.delta;
    if (
      event.type === "response.completed" ||
      event.type === "response.incomplete" ||
      event.type === "response.failed"
    )
      note(seen, event.response);
  }
}

function note(seen: Collected, response: Response): void {
  const parts = response.output.flatMap((item) => (item.type === "message" ? item.content : []));
  seen.text = parts.map((part) => (part.type === "output_text" ? part.text : "")).join("");
  const reason = response.incomplete_details?.reason;
  seen.end = `${response.status}${reason === undefined ? "" : `: ${reason}`}`;
  seen.usage = [response.usage?.input_tokens, response.usage?.output_tokens];
  seen.cites = parts.flatMap((part) =>
    part.type === "output_text"
      ? part.annotations.flatMap((note) => (note.type === "url_citation" ? [note.url] : []))
      : [],
  );
}
