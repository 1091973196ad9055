/** Every client of the Responses contract's section 9, unmodified, against a real server over the sandbox. */
import { join } from "node:path";
import { createOpenResponses } from "@ai-sdk/open-responses";
import { createOpenAI } from "@ai-sdk/openai";
import { createDatabricksProvider } from "@databricks/ai-sdk-provider";
import { ChatOpenAI } from "@langchain/openai";
import { generateText, streamText } from "ai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlite } from "../../store/sqlite.ts";
import { startStack, type Stack } from "../e2e/stack.ts";
import { checkStream } from "../server/stream-checker.ts";
import { overlay } from "../tracing/overlay.ts";
import { aiClients } from "./ai-sdk.ts";
import { askAll, type Report } from "./ask-all.ts";
import type { Target } from "./client.ts";
import { EXPECTED } from "./expected.ts";
import { langchainClients } from "./langchain.ts";
import { lacking, startNode22Clients, type Node22Clients } from "./node22-clients.ts";
import { openaiClients } from "./openai.ts";
import { CONFIG, prepare, refuseToKeep, SCENARIOS, type Scenario } from "./scenarios.ts";
import type { TappedStream } from "./tapped-fetch.ts";

const HERE = [
  ...openaiClients(OpenAI),
  ...langchainClients(ChatOpenAI),
  ...aiClients({ generateText, streamText, createOpenAI, createOpenResponses, createDatabricksProvider }),
];
const NODE22 = process.env["NODE22"];
const missing = lacking(NODE22);
if (missing !== null) console.info(`skipping the clients that need Node 22: ${missing}`);

let stack: Stack;
let elsewhere: Node22Clients | null = null;
beforeAll(async () => {
  stack = await startStack(overlay(CONFIG));
  await prepare(stack);
  const database = openSqlite(join(stack.folder, "orchestrator.db"));
  refuseToKeep(database, "EMEA really leads");
  database.close();
  if (missing === null && NODE22 !== undefined) elsewhere = startNode22Clients(NODE22);
});
afterAll(async () => {
  elsewhere?.close();
  await stack.close();
});

interface Versions {
  node: number;
  names: string[];
  present: boolean;
  ask: (target: Target) => Promise<Report[]>;
}

const VERSIONS: Versions[] = [
  { node: 20, names: HERE.map(({ name }) => name), present: true, ask: (target) => askAll(HERE, target) },
  {
    node: 22,
    names: Object.keys(EXPECTED),
    present: missing === null,
    ask: async (target) => (await elsewhere?.ask(target)) ?? [],
  },
];

describe.each(VERSIONS)("in the versions for Node $node", ({ node, names, present, ask }) => {
  describe.skipIf(!present).each(SCENARIOS)("$name", (scenario) => {
    let reports: Map<string, Report>;
    beforeAll(async () => {
      const { question, max_output_tokens } = scenario;
      const asked = await ask({ url: stack.url, question, max_output_tokens });
      reports = new Map(asked.map((report) => [report.client, report]));
    });

    it.each(names)("is seen as it is by %s", (name) => {
      const seen = reports.get(name)?.seen;
      expect(seen && { ...seen, cites: seen.cites?.map(placeOf) ?? null }).toEqual(
        EXPECTED[name]?.(scenario, node === 20),
      );
    });

    it("came in streams that keep the contract", () => {
      const streams = [...reports.values()].flatMap((report) => report.streams);
      expect(streams.length).toBe(names.filter((name) => name.endsWith("stream")).length + 2);
      for (const report of reports.values()) checkAll(report.streams, scenario);
    });
  });
});

/** A stream that was left and resumed is one stream. */
function checkAll(streams: TappedStream[], { text, status }: Scenario): void {
  const last = streams.at(-1);
  if (last === undefined) return;
  const begun = streams.slice(0, -1).map(({ raw }) => upTo(raw, last.after));
  const whole = checkStream(begun.join("") + last.raw);
  expect([whole.text, whole.response.status]).toEqual([text, status]);
}

function upTo(raw: string, last: number): string {
  const frames = raw.split(/(?<=\n\n)/);
  return frames.filter((frame) => Number(/"sequence_number":(\d+)/.exec(frame)?.[1] ?? 1e9) <= last).join("");
}

/** Addresses differ by port and by the ids of the conversation. */
function placeOf(url: string): string {
  const { pathname, hash } = new URL(url);
  return pathname + hash;
}
