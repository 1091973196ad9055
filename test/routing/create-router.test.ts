/** The router as its callers see it, without a model. */
import { describe, expect, it } from "vitest";
import { createRouter } from "../../routing/create-router.ts";
import type { RouteContext, RouteInput } from "../../routing/router.ts";
import { fourBackends } from "./cards.fixture.ts";

const names = ["revenue_genie", "policy_assistant", "churn_model", "retention_agent"];
const context: RouteContext = {
  signal: new AbortController().signal,
  deadline: Number.MAX_SAFE_INTEGER,
  onUsage: () => {},
};
const ask = (question: string, more: Partial<RouteInput> = {}): RouteInput => ({
  question,
  history: [],
  summary: "",
  previous: null,
  allowed: names,
  ...more,
});

describe("createRouter without models", () => {
  const router = createRouter(fourBackends(), { models: { router: null, planner: null } });

  it("sends a question about numbers to the tables", async () => {
    const plan = await router.route(ask("How many tickets were opened in March?"), context);
    expect(plan.kind).toBe("plan");
    expect(plan.steps.map((step) => step.backend)).toEqual(["revenue_genie"]);
    expect(plan.decision.tier).toBe("local");
  });

  it("asks two backends side by side when the questions are unrelated", async () => {
    const plan = await router.route(
      ask("What was the MRR in May, and what does the refund policy say?"),
      context,
    );
    expect(plan.steps.map((step) => [step.backend, step.depends_on])).toEqual([
      ["revenue_genie", []],
      ["policy_assistant", []],
    ]);
  });

  it("hands the found customers on to the next step", async () => {
    const plan = await router.route(
      ask("Which three customers are most likely to churn and what is their MRR?"),
      context,
    );
    expect(plan.steps.map((step) => step.backend)).toEqual(["churn_model", "revenue_genie"]);
    expect(plan.steps[0]?.extract).toEqual([
      { name: "customers", type: "list", column: "customer", limit: 3 },
    ]);
    expect(plan.steps[1]?.question).toBe("What is the MRR for {{s1.customers}}?");
    expect(plan.steps[1]?.depends_on).toEqual(["s1"]);
  });

  it("reads the transcript of a client that keeps its own, and makes a follow-up stand by itself", async () => {
    const history = [
      { role: "user" as const, content: "How many tickets were opened in March?" },
      { role: "assistant" as const, content: "There were 12." },
    ];
    const plan = await router.route(ask("And in April?", { history, conversations: [] }), context);
    expect(plan.steps.map((step) => [step.backend, step.question])).toEqual([
      ["revenue_genie", "How many tickets were opened in March? And in April?"],
    ]);
  });

  it("leaves a follow-up as it is for a Genie space that holds the conversation", async () => {
    const question = "How many tickets were opened in March?";
    const previous = {
      question,
      plan: await router.route(ask(question), context),
      backends_ok: ["revenue_genie"],
    };
    const more = { previous, conversations: ["revenue_genie"] };
    const plan = await router.route(ask("And in April?", more), context);
    expect(plan.steps.map((step) => step.question)).toEqual(["And in April?"]);
  });

  it("needs no backend for a greeting and declines what none covers", async () => {
    expect((await router.route(ask("Good morning!"), context)).kind).toBe("direct");
    expect((await router.route(ask("How do I boil an egg?"), context)).kind).toBe("refuse");
  });
});

describe("what a person said about a question", () => {
  it("decides that very question, however it was read before", async () => {
    const question = "How many customers are on the lighthouse list?";
    const promoted = [
      { text: "how many customers are on the Lighthouse list", backends: ["policy_assistant"] },
    ];
    const router = createRouter(fourBackends(), { models: { router: null, planner: null }, promoted });
    const plan = await router.route(ask(question), context);
    expect(plan.steps.map((step) => step.backend)).toEqual(["policy_assistant"]);
    const others = createRouter(fourBackends(), {
      models: { router: null, planner: null },
      promoted: [{ text: question, backends: [] }],
    });
    expect((await others.route(ask(question), context)).kind).toBe("refuse");
  });
});
