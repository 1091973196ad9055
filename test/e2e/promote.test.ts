/** From one thumbs-down on a wrong route to a router that routes it right, over the real server. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { label, promote } from "../../evals/promote/promote.ts";
import { Candidate } from "../../evals/promote/candidate.ts";
import { DATASETS, readDataset, turnsOf } from "../../evals/case.ts";
import { readPromoted } from "../../routing/promoted-file.ts";
import { textHash } from "../../routing/text/text-hash.ts";
import { startStack, type Stack } from "./stack.ts";

const QUESTION = "Which customers are on the lighthouse list?";
const folder = mkdtempSync(path.join(tmpdir(), "orchestrator-promote-"));
const promoted = path.join(folder, "promoted.jsonl");
const config = path.join(folder, "orchestrator.yaml");
let stack: Stack;

beforeAll(async () => {
  const sandbox = parse(readFileSync("config/sandbox.yaml", "utf8"));
  writeFileSync(config, stringify({ ...sandbox, routing: { ...sandbox.routing, promoted_file: promoted } }));
  stack = await startStack({ ORCHESTRATOR_CONFIG: config });
}, 60_000);
afterAll(() => stack.close());

const route = async () => {
  const { body } = await stack.ask({ input: QUESTION });
  return { id: body.id, backends: body.custom_outputs.plan?.steps.map(({ backend }) => backend) };
};

describe("the loop from feedback to the router", () => {
  it("routes a question right after one thumbs-down, a label and a restart", async () => {
    const wrong = await route();
    expect(wrong.backends).toEqual(["revenue_genie"]);
    const reply = await fetch(`${stack.url}/feedback`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        response_id: wrong.id,
        question: "wrong_source",
        value: true,
        comment: "That is in the reference programme. token=abcdef123456",
        correction: { backends: ["policy_assistant"] },
      }),
    });
    expect(reply.status).toBe(200);

    const env = {
      ORCHESTRATOR_CONFIG: config,
      ORCHESTRATOR_DB: path.join(stack.folder, "orchestrator.db"),
    };
    const out = path.join(folder, "candidates.jsonl");
    const tests = path.join(folder, "prod.jsonl");
    await promote(env, process.cwd(), { out, tests, since: 0, seed: 1 });
    const candidates = readFileSync(out, "utf8").trim().split("\n");
    const candidate = Candidate.parse(JSON.parse(candidates[0]!));
    expect(candidates).toHaveLength(1);
    expect(candidate).toMatchObject({
      reason: "negative_feedback",
      question: QUESTION,
      proposed: ["policy_assistant"],
      label: null,
      calls: [{ backend: "revenue_genie" }],
    });
    expect(candidate.feedback[0]?.comment).not.toContain("abcdef123456");

    writeFileSync(out, `${JSON.stringify({ ...candidate, label: { backends: ["policy_assistant"] } })}\n`);
    label(env, process.cwd(), { candidates: out, tests, accept: false });
    expect(readPromoted(promoted)).toEqual([{ text: QUESTION, backends: ["policy_assistant"] }]);

    await stack.restart();
    expect((await route()).backends).toEqual(["policy_assistant"]);
  }, 60_000);

  it("takes no question of any dataset for the router or its tests", () => {
    const asked = DATASETS.map((file) => readDataset(file)[0]!);
    const lines = asked.map((one) => {
      const question = turnsOf(one)[0]!;
      const hash = textHash(question);
      const plan = { kind: "plan", steps: [], decision: { tier: "local" } };
      const source = { response_id: "resp_1", created_at: 1 };
      const candidate = {
        hash,
        reason: "sample",
        question,
        plan,
        calls: [],
        answer: "",
        feedback: [],
        source,
      };
      return JSON.stringify({ ...candidate, proposed: null, label: { backends: ["policy_assistant"] } });
    });
    const [candidates, tests] = [path.join(folder, "known.jsonl"), path.join(folder, "none.jsonl")];
    writeFileSync(candidates, lines.join("\n"));
    const said = label({ ORCHESTRATOR_CONFIG: config }, process.cwd(), { candidates, tests, accept: false });
    expect(lines).toHaveLength(DATASETS.length);
    expect(said).toMatch(/^0 labels train the router .*, 0 test it /);
  });
});
