/** A threshold on trial: what it would have decided is told, and changes nothing. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { OrchestratorConfig } from "../../config/schema.ts";
import { candidateConfig } from "../../routing/candidate.ts";
import { createRouter } from "../../routing/create-router.ts";
import type { ShadowDecision } from "../../routing/shadow.ts";
import { fourBackends } from "./cards.fixture.ts";

const allowed = ["revenue_genie", "policy_assistant", "churn_model", "retention_agent"];
const context = {
  signal: new AbortController().signal,
  deadline: Number.MAX_SAFE_INTEGER,
  onUsage: () => undefined,
};

async function decide(shadow: Shadow | undefined, ...questions: string[]) {
  const heard: ShadowDecision[] = [];
  const router = createRouter(fourBackends(shadow === undefined ? {} : { shadow }), {
    models: { router: null, planner: null },
    random: () => 0.5,
    onShadow: (decision) => heard.push(decision),
  });
  const backends: string[][] = [];
  for (const question of questions) {
    const plan = await router.route({ question, history: [], summary: "", previous: null, allowed }, context);
    backends.push(plan.steps.map((step) => step.backend));
  }
  return { heard, backends };
}

type Shadow = NonNullable<OrchestratorConfig["routing"]["shadow"]>;

const QUESTION = "How many tickets were opened in March?";

describe("shadow routing", () => {
  it("agrees where the candidate decides alike, and counts", async () => {
    const { heard } = await decide({ share: 1, threshold: 0 }, QUESTION, QUESTION);
    expect(heard.map(({ agreed, seen, disagreed }) => [agreed, seen, disagreed])).toEqual([
      [true, 1, 0],
      [true, 2, 0],
    ]);
    expect(heard[0]?.candidate).toEqual({ tier: "local", backends: ["revenue_genie"] });
  });

  it("disagrees where the candidate would ask a model, and leaves the live plan alone", async () => {
    const strict = await decide({ share: 1, threshold: 1 }, QUESTION);
    expect(strict.heard[0]).toMatchObject({
      agreed: false,
      candidate: { tier: "up", backends: [] },
      disagreed: 1,
    });
    expect(strict.backends).toEqual((await decide(undefined, QUESTION)).backends);
    expect(JSON.stringify(strict.heard)).not.toContain("tickets");
  });

  it("tries other promoted questions, without teaching them to the live router", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "shadow-"));
    const promoted_file = path.join(folder, "promoted.jsonl");
    const label = { text: QUESTION, backends: ["policy_assistant"] };
    writeFileSync(promoted_file, `${JSON.stringify(label)}\n`.repeat(5));
    const { heard, backends } = await decide({ share: 1, threshold: 0, promoted_file }, QUESTION);
    rmSync(folder, { recursive: true });
    expect(backends).toEqual([["revenue_genie"]]);
    expect(heard).toMatchObject([
      { agreed: false, live: { backends: ["revenue_genie"] }, candidate: { backends: ["policy_assistant"] } },
    ]);
  });

  it("tries another description of a backend", () => {
    const config = fourBackends({
      shadow: { share: 1, descriptions: { churn_model: "Knows the weather." } },
    });
    const described = (one: typeof config | null) =>
      one?.backends.find(({ name }) => name === "churn_model")?.description;
    expect(described(candidateConfig(config))).toBe("Knows the weather.");
    expect(described(config)).not.toBe("Knows the weather.");
  });

  it("reads a follow-up in the light of the transcript, as the live router does", async () => {
    const heard: ShadowDecision[] = [];
    const router = createRouter(fourBackends({ shadow: { share: 1, threshold: 0 } }), {
      models: { router: null, planner: null },
      random: () => 0.5,
      onShadow: (decision) => heard.push(decision),
    });
    const history = [
      { role: "user" as const, content: QUESTION },
      { role: "assistant" as const, content: "There were 812." },
    ];
    // Alone it would be about documents.
    await router.route(
      { question: "And the playbook?", history, summary: "", previous: null, allowed },
      context,
    );
    expect(heard).toMatchObject([{ agreed: true, live: { backends: ["revenue_genie"] } }]);
  });

  it("is not counted into the time of the live decision", async () => {
    let now = 0;
    const router = createRouter(fourBackends({ shadow: { share: 1, threshold: 0 } }), {
      models: { router: null, planner: null },
      random: () => 0.5,
      now: () => now,
      onShadow: () => (now += 1_000),
    });
    const plan = await router.route(
      { question: QUESTION, history: [], summary: "", previous: null, allowed },
      context,
    );
    expect(plan.decision.latency_ms).toBe(0);
  });

  it("looks at its share alone, and at nothing without a configuration", async () => {
    expect((await decide({ share: 0.4, threshold: 1 }, QUESTION)).heard).toEqual([]);
    expect((await decide(undefined, QUESTION)).heard).toEqual([]);
  });

  it("leaves out what no threshold decides", async () => {
    expect((await decide({ share: 1, threshold: 1 }, "@churn_model Who?", "Good morning!")).heard).toEqual(
      [],
    );
  });
});
