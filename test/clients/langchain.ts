/** LangChain's ChatOpenAI over the Responses API; the class is handed in, so that several versions can be asked. */
import type { ChatOpenAI } from "@langchain/openai";
import { observed, type Client, type Collected, type Target } from "./client.ts";

export function langchainClients(Model: typeof ChatOpenAI): Client[] {
  const modelFor = (target: Target, fetch: typeof globalThis.fetch) =>
    new Model({
      model: "orchestrator",
      apiKey: "x",
      useResponsesApi: true,
      maxRetries: 0,
      maxTokens: target.max_output_tokens,
      configuration: { baseURL: `${target.url}/v1`, fetch },
    });
  return [
    {
      name: "ChatOpenAI invoke",
      ask: (target, fetch) =>
        observed(async (seen) => {
          const message = await modelFor(target, fetch).invoke(target.question);
          if (message.tool_calls?.length !== 0) throw new Error("Tool calls that nobody made.");
          seen.text = message.text;
          note(seen, message);
        }),
    },
    {
      name: "ChatOpenAI stream",
      ask: (target, fetch) =>
        observed(async (seen) => {
          for await (const chunk of await modelFor(target, fetch).stream(target.question)) {
            seen.text += chunk.text;
            note(seen, chunk);
          }
        }),
    },
  ];
}

type Message = Awaited<ReturnType<ChatOpenAI["invoke"]>>;

function note(seen: Collected, message: Message): void {
  const { status, incomplete_details } = message.response_metadata as {
    status?: string;
    incomplete_details?: { reason: string } | null;
  };
  if (status !== undefined)
    seen.end = incomplete_details ? `${status}: ${incomplete_details.reason}` : status;
  const usage = message.usage_metadata;
  if (usage !== undefined) seen.usage = [usage.input_tokens, usage.output_tokens];
  if (!Array.isArray(message.content)) return;
  const cites = message.content.flatMap((block) =>
    (Array.isArray(block["annotations"]) ? block["annotations"] : []).flatMap(
      (note: { url?: string }) => note.url ?? [],
    ),
  );
  if (cites.length > 0) seen.cites = [...(seen.cites ?? []), ...cites];
}
