/** The Vercel AI SDK with each provider that speaks to us, unmodified. */
import { createOpenResponses } from "@ai-sdk/open-responses";
import { createOpenAI } from "@ai-sdk/openai";
import { createDatabricksProvider } from "@databricks/ai-sdk-provider";
import { generateText, type LanguageModel, streamText } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestServer } from "../test-server.ts";
import { ALL_FAILED, ANSWER, CITED_URL, startScenarioServer } from "./scenarios.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startScenarioServer();
});
afterAll(() => server.close());

const PROVIDERS: Record<string, () => LanguageModel> = {
  "@databricks/ai-sdk-provider": () =>
    createDatabricksProvider({
      useRemoteToolCalling: true,
      baseURL: server.url,
      formatUrl: () => `${server.url}/invocations`,
    }).responses("chat-model"),
  "@ai-sdk/openai": () =>
    createOpenAI({ baseURL: `${server.url}/v1`, apiKey: "x" }).responses("orchestrator"),
  "@ai-sdk/open-responses": () =>
    createOpenResponses({ name: "orchestrator", url: `${server.url}/v1/responses`, apiKey: "x" })(
      "orchestrator",
    ),
};

describe.each(Object.entries(PROVIDERS))("%s", (name, model) => {
  /** This provider reports a failed stream by its finish reason alone. */
  const tellsWhy = name !== "@ai-sdk/open-responses";

  it("generates the answer", async () => {
    const { text } = await generateText({ model: model(), prompt: "backends", maxRetries: 0 });
    expect(text).toBe(ANSWER);
  });

  it("streams the answer", async () => {
    const { parts, errors } = await collect(model(), "backends");
    expect(errors).toEqual([]);
    expect(textOf(parts)).toBe(ANSWER);
    expect(parts.filter((part) => part.type === "text-delta").length).toBeGreaterThan(5);
  });

  it("tells that every backend failed", async () => {
    const failing = generateText({ model: model(), prompt: "all failed", maxRetries: 0 });
    await expect(failing).rejects.toThrow(tellsWhy ? ALL_FAILED : "Bad Gateway");
    const failed = await collect(model(), "all failed");
    expect(told(failed)).toContain(tellsWhy ? ALL_FAILED : "finish: error");
  });

  it("tells that the answer broke off, without our internals", async () => {
    const broken = await collect(model(), "broken off");
    expect(textOf(broken.parts)).toBe("42 custom");
    expect(told(broken)).toContain(tellsWhy ? "Something went wrong on our side." : "finish: error");
    expect(JSON.stringify(broken)).not.toContain("/internal/path");
  });

  it("takes an answer that was cut by the token cap", async () => {
    const { text } = await generateText({ model: model(), prompt: "incomplete", maxRetries: 0 });
    expect(text).toBe("42 cust");
    const { parts, errors } = await collect(model(), "incomplete");
    expect(errors).toEqual([]);
    expect(textOf(parts)).toBe("42 cust");
  });
});

describe("@databricks/ai-sdk-provider", () => {
  it("renders backend calls as tool cards with input and output", async () => {
    const { parts } = await collect(PROVIDERS["@databricks/ai-sdk-provider"]!(), "backends");
    expect(parts.filter((part) => part.type === "tool-call")).toMatchObject([
      { toolName: "sales_genie", input: { question: "How many customers churned?" }, dynamic: true },
      { toolName: "handbook", input: { question: "What does the playbook say?" } },
    ]);
    expect(parts.filter((part) => part.type === "tool-result")).toMatchObject([
      { toolName: "handbook", output: "Error: handbook answers with 503." },
      { toolName: "sales_genie", output: "42 customers churned." },
    ]);
  });

  it("shows the citation as a source and progress as reasoning", async () => {
    const { parts } = await collect(PROVIDERS["@databricks/ai-sdk-provider"]!(), "backends");
    expect(parts.filter((part) => part.type === "source")).toMatchObject([
      { url: CITED_URL, title: "Churn by month" },
    ]);
    const reasoning = parts.flatMap((part) => (part.type === "reasoning-delta" ? [part.text] : []));
    expect(reasoning).toContain("sales_genie: Running the query.");
  });
});

describe("@ai-sdk/openai", () => {
  it("continues a conversation by references to our items", async () => {
    const model = PROVIDERS["@ai-sdk/openai"]!();
    const first = await generateText({ model, prompt: "backends" });
    const second = await generateText({
      model,
      messages: [
        { role: "user", content: "backends" },
        ...first.response.messages,
        { role: "user", content: "backends" },
      ],
    });
    expect(second.text).toBe(ANSWER);
    expect(server.orchestrator.turns.at(-1)?.input.history).toEqual([
      { role: "user", content: "backends" },
      { role: "assistant", content: ANSWER },
    ]);
  });
});

type Part = Awaited<ReturnType<typeof collect>>["parts"][number];

async function collect(model: LanguageModel, prompt: string) {
  const errors: string[] = [];
  const result = streamText({ model, prompt, maxRetries: 0, onError: () => {} });
  const parts = [];
  let finishReason: string | undefined;
  for await (const part of result.fullStream) {
    parts.push(part);
    if (part.type === "error") errors.push(messageOf(part.error));
    if (part.type === "finish") ({ finishReason } = part);
  }
  return { parts, errors, finishReason };
}

function told({ errors, finishReason }: Awaited<ReturnType<typeof collect>>): string {
  return [...errors, `finish: ${finishReason}`].join("\n");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : JSON.stringify(error);
}

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === "text-delta" ? part.text : "")).join("");
}
