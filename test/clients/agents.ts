/** The OpenAI Agents SDK, whose package needs Node 22: it is handed in, and described here as far as it is used. */
import { observed, type Client, type Collected, type Target } from "./client.ts";

interface Result {
  finalOutput?: unknown;
  rawResponses: { usage: { inputTokens: number; outputTokens: number } }[];
}

interface StreamedResult extends Result {
  toTextStream(): AsyncIterable<string>;
  completed: Promise<void>;
}

export interface AgentsModule {
  Agent: new (options: object) => object;
  OpenAIProvider: new (options: object) => object;
  Runner: new (options: object) => {
    run(
      agent: object,
      question: string,
      options: { stream: true; conversationId?: string },
    ): Promise<StreamedResult>;
    run(agent: object, question: string, options: { conversationId?: string }): Promise<Result>;
  };
}

export interface ConversationsSdk {
  conversations: { create(body: object): Promise<{ id: string }> };
}

export type SdkFor = (target: Target, fetch: typeof globalThis.fetch) => ConversationsSdk;

export function agentsClients({ Agent, OpenAIProvider, Runner }: AgentsModule, sdkFor: SdkFor): Client[] {
  const prepare = (target: Target, openAIClient: object) => {
    const modelProvider = new OpenAIProvider({ useResponses: true, openAIClient });
    const modelSettings =
      target.max_output_tokens === undefined ? {} : { maxTokens: target.max_output_tokens };
    return {
      runner: new Runner({ tracingDisabled: true, modelProvider }),
      agent: new Agent({ name: "a", model: "orchestrator", modelSettings }),
    };
  };
  const run = async (target: Target, sdk: ConversationsSdk, seen: Collected, conversationId?: string) => {
    const { runner, agent } = prepare(target, sdk);
    const result = await runner.run(
      agent,
      target.question,
      conversationId === undefined ? {} : { conversationId },
    );
    seen.text = String(result.finalOutput);
    note(seen, result);
  };
  const ways: Record<string, (target: Target, sdk: ConversationsSdk, seen: Collected) => Promise<void>> = {
    run,
    "run in a conversation": async (target, sdk, seen) =>
      run(target, sdk, seen, (await sdk.conversations.create({})).id),
    stream: async (target, sdk, seen) => {
      const { runner, agent } = prepare(target, sdk);
      const result = await runner.run(agent, target.question, { stream: true });
      // It rejects beside the text stream, when nobody is there to hear it.
      result.completed.catch(() => undefined);
      for await (const delta of result.toTextStream()) seen.text += delta;
      await result.completed;
      note(seen, result);
    },
  };
  return Object.entries(ways).map(([way, ask]) => ({
    name: `@openai/agents ${way}`,
    ask: (target, fetch) => observed((seen) => ask(target, sdkFor(target, fetch), seen)),
  }));
}

function note(seen: Collected, { rawResponses }: Result): void {
  seen.end = "completed";
  const usage = rawResponses.at(-1)?.usage;
  seen.usage = [usage?.inputTokens, usage?.outputTokens];
}
