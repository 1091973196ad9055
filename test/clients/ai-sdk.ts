/** The Vercel AI SDK with each provider that speaks to us; modules are handed in, so that several versions can be asked. */
import type { createOpenResponses } from "@ai-sdk/open-responses";
import type { createOpenAI } from "@ai-sdk/openai";
import type { createDatabricksProvider } from "@databricks/ai-sdk-provider";
import type { generateText, LanguageModel, streamText } from "ai";
import { errorOf, observed, type Client, type Observation } from "./client.ts";

export interface AiModules {
  generateText: typeof generateText;
  streamText: typeof streamText;
  createOpenAI: typeof createOpenAI;
  createOpenResponses: typeof createOpenResponses;
  createDatabricksProvider: typeof createDatabricksProvider;
}

type Fetch = typeof globalThis.fetch;

export function aiClients(modules: AiModules): Client[] {
  return Object.entries(providersOf(modules)).flatMap(([provider, modelOf]): Client[] => [
    {
      name: `${provider} generate`,
      ask: (target, fetch) =>
        observed(async (seen) => {
          const { text, finishReason, usage, sources } = await modules.generateText({
            model: modelOf(target.url, fetch),
            prompt: target.question,
            maxOutputTokens: target.max_output_tokens,
            maxRetries: 0,
          });
          Object.assign(seen, { text, end: finishReason });
          seen.usage = [usage.inputTokens, usage.outputTokens];
          seen.cites = sources.flatMap((source) => (source.sourceType === "url" ? [source.url] : []));
        }),
    },
    {
      name: `${provider} stream`,
      ask: (target, fetch) =>
        stream(modules, modelOf(target.url, fetch), target.question, target.max_output_tokens),
    },
  ]);
}

function providersOf(modules: AiModules): Record<string, (url: string, fetch: Fetch) => LanguageModel> {
  return {
    "@databricks/ai-sdk-provider": (url, fetch) =>
      modules
        .createDatabricksProvider({
          useRemoteToolCalling: true,
          baseURL: url,
          formatUrl: () => `${url}/invocations`,
          fetch,
        })
        .responses("chat-model"),
    "@ai-sdk/openai": (url, fetch) =>
      modules.createOpenAI({ baseURL: `${url}/v1`, apiKey: "x", fetch }).responses("orchestrator"),
    "@ai-sdk/open-responses": (url, fetch) =>
      modules.createOpenResponses({
        name: "orchestrator",
        url: `${url}/v1/responses`,
        apiKey: "x",
        fetch,
      })("orchestrator"),
  };
}

/** The SDK never throws here: a failure is one of the parts. */
async function stream(
  { streamText }: AiModules,
  model: LanguageModel,
  prompt: string,
  maxOutputTokens: number | undefined,
): Promise<Observation> {
  let error: Observation["error"] = null;
  const seen = await observed(async (seen) => {
    seen.cites = [];
    const { fullStream } = streamText({ model, prompt, maxOutputTokens, maxRetries: 0, onError: () => {} });
    for await (const part of fullStream) {
      if (part.type === "text-delta") seen.text += part.text;
      if (part.type === "source" && part.sourceType === "url") seen.cites.push(part.url);
      if (part.type === "error") error = errorOf(part.error);
      if (part.type !== "finish") continue;
      seen.end = part.finishReason;
      seen.usage = [part.totalUsage.inputTokens, part.totalUsage.outputTokens];
    }
  });
  return { ...seen, error: seen.error ?? error };
}
