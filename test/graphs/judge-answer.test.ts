/** What the online judge is shown. */
import { expect, it } from "vitest";
import type { ChatMessage, ChatModel } from "../../backends/chat-model.ts";
import { judgeAnswer } from "../../graphs/judge-answer.ts";
import { findingOf } from "../nodes/plan-double.ts";

it("keeps the answer whole where the evidence is long", async () => {
  const seen: ChatMessage[][] = [];
  const said = JSON.stringify({ answered: true, evidence_sufficient: true, reason: "So." });
  const complete: ChatModel["complete"] = async ({ messages }) => {
    seen.push([...messages]);
    return { text: said, tool_calls: [], finish_reason: "stop", usage: null, model: "judge" };
  };
  const model: ChatModel = { name: "judge", complete, stream: complete, close: async () => {} };
  const evidence = Array.from({ length: 40 }, (_, i) => ({
    id: `e${i}`,
    kind: "document" as const,
    title: `Page ${i}`,
    url: null,
    preview: "x".repeat(600),
    hash: "",
  }));
  const text = "The MRR is 42.5 [1].";
  const answer = {
    text,
    citations: [],
    missing: [],
    composer: "model" as const,
    fallback: null,
    finish_reason: "stop" as const,
    tool_calls: [],
    suggested_questions: [],
  };
  const result = {
    status: "completed" as const,
    answer,
    plan: null,
    findings: [findingOf({ step: "s1", backend: "docs", evidence })],
    usage: [],
    failure: null,
    approvals: [],
    checkpoint_id: null,
  };
  await judgeAnswer(model, "What is the MRR?", result, Date.now());
  expect(seen[0]?.[1]?.content).toContain(text);
});
