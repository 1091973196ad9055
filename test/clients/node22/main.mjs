/** Runs under Node 22: asks the clients that need it each question that comes in as a line of JSON, reports as JSON. */
import { createInterface } from "node:readline";
import { createOpenResponses } from "@ai-sdk/open-responses";
import { createOpenAI } from "@ai-sdk/openai";
import { createDatabricksProvider } from "@databricks/ai-sdk-provider";
import { ChatOpenAI } from "@langchain/openai";
import { Agent, OpenAIProvider, Runner } from "@openai/agents";
import { generateText, streamText } from "ai";
import OpenAI from "openai";
import { agentsClients } from "../agents.ts";
import { aiClients } from "../ai-sdk.ts";
import { askAll } from "../ask-all.ts";
import { langchainClients } from "../langchain.ts";
import { openaiClients } from "../openai.ts";

const sdkFor = ({ url }, fetch) => new OpenAI({ baseURL: `${url}/v1`, apiKey: "x", maxRetries: 0, fetch });

const clients = [
  ...openaiClients(OpenAI),
  ...agentsClients({ Agent, OpenAIProvider, Runner }, sdkFor),
  ...langchainClients(ChatOpenAI),
  ...aiClients({ generateText, streamText, createOpenAI, createOpenResponses, createDatabricksProvider }),
];

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await askAll(clients, JSON.parse(line)))}\n`);
}
