/** Plans without a model: what is split, what depends on what, and how questions are filled. */
import { describe, expect, it } from "vitest";
import { createLocalDecision } from "../../routing/create-router.ts";
import { checkPlan } from "../../routing/plan-check.ts";
import type { Plan, Step } from "../../routing/plan.ts";
import { fourBackends } from "./cards.fixture.ts";

const config = fourBackends();
const decide = createLocalDecision(config);
const names = config.backends.map((backend) => backend.name);

/** `churn_model`, `revenue_genie < s1`, ... */
async function order(question: string): Promise<string[]> {
  return shape(await decide(question));
}

function shape(plan: Plan): string[] {
  return plan.steps.map(({ backend, depends_on }) =>
    depends_on.length === 0 ? backend : `${backend} < ${depends_on.join(" ")}`,
  );
}

function questions(steps: readonly Step[]): string[] {
  return steps.map((step) => step.question);
}

describe("one question", () => {
  it.each([
    ["How much MRR did we have in May?", "revenue_genie"],
    ["Under which rules may we grant a refund?", "policy_assistant"],
    ["How likely is Initech to churn?", "churn_model"],
    ["Draft an action plan for Initech with costs", "retention_agent"],
    ["In which industries are our customers, and how many in each?", "revenue_genie"],
    ["When is a customer owed service credits, and how are they calculated?", "policy_assistant"],
    ["Hey, how many tickets are open right now? I need it for a meeting.", "revenue_genie"],
  ])("%s goes to %s alone", async (question, backend) => {
    expect(await order(question)).toEqual([backend]);
  });

  it("says why this backend, and why not the others", async () => {
    const { steps, decision } = await decide("Which customers have overdue invoices?");
    expect(steps[0]?.why).toMatch(
      /^revenue_genie \(genie\): it speaks of overdue, invoices; probability (?:1|0\.\d+)\.$/,
    );
    expect(steps[0]?.rejected.map(({ backend }) => backend).sort()).toEqual([
      "churn_model",
      "policy_assistant",
      "retention_agent",
    ]);
    expect(Object.keys(decision.probabilities).sort()).toEqual([...names, "other"].sort());
  });
});

describe("questions side by side", () => {
  it.each<[string, string[]]>([
    [
      "How many invoices are overdue, and what does the dunning policy say?",
      ["revenue_genie", "policy_assistant"],
    ],
    [
      "mrr by region, churn drivers of the model, refund policy",
      ["revenue_genie", "churn_model", "policy_assistant"],
    ],
    [
      "Retention plan for Initech please, and on a different note the number of open tickets by severity.",
      ["retention_agent", "revenue_genie"],
    ],
    ["1. MRR per plan 2. How accurate is the churn model?", ["revenue_genie", "churn_model"]],
  ])("%s", async (question, expected) => {
    expect(await order(question)).toEqual(expected);
  });

  it("puts the noun for the pronoun where no result is meant", async () => {
    const { steps } = await decide(
      "How many urgent tickets were opened last week? Separately, what does the SLA policy promise for them?",
    );
    expect(questions(steps)).toEqual([
      "How many urgent tickets were opened last week?",
      "What does the SLA policy promise for urgent tickets?",
    ]);
    expect(steps[1]?.depends_on).toEqual([]);
  });
});

describe("sequences", () => {
  it.each<[string, string[]]>([
    [
      "Find the ten accounts with the highest churn risk, then show me their MRR.",
      ["churn_model", "revenue_genie < s1"],
    ],
    ["top 5 churn risks -> their mrr", ["churn_model", "revenue_genie < s1"]],
    ["what's the churn risk of the top 5 accounts by revenue", ["revenue_genie", "churn_model < s1"]],
    [
      "Why is Blue Harbor Foods at risk, and what does our playbook advise for those drivers?",
      ["churn_model", "policy_assistant < s1"],
    ],
    [
      "Take the 20 largest customers by MRR, score them for churn, and for the riskiest three prepare an action plan.",
      ["revenue_genie", "churn_model < s1", "retention_agent < s1 s2"],
    ],
  ])("%s", async (question, expected) => {
    expect(await order(question)).toEqual(expected);
  });

  it("gives the tables, which see no context, a question that stands alone", async () => {
    const { steps } = await decide(
      "Which customers are likely to churn, and how many open tickets do those customers have?",
    );
    expect(questions(steps)).toEqual([
      "Which customers are likely to churn",
      "How many open tickets do {{s1.customers}} have?",
    ]);
    expect(steps[1]?.context_from).toEqual([]);
  });

  it("hands on as many as the question asks for, from whom it asks", async () => {
    const { steps } = await decide(
      "Take the 20 largest customers by MRR, score them for churn, and for the riskiest three prepare an action plan.",
    );
    expect(steps.map(({ extract }) => extract.map(({ name, limit }) => `${name} ${limit}`))).toEqual([
      ["customers 20"],
      ["customers 3"],
      [],
    ]);
    expect(steps[2]?.question).toBe("For {{s2.customers}} prepare an action plan");
    expect(steps[2]?.context_from).toEqual(["s1", "s2"]);
  });

  it("hands a number on as a number", async () => {
    const { steps } = await decide(
      "After how many days late do we suspend an account under the dunning policy, and which customers have invoices later than that?",
    );
    expect(steps[0]?.extract).toEqual([{ name: "days", type: "number", column: "days", limit: 1 }]);
    expect(steps[1]?.question).toBe("Which customers have invoices later than {{s1.days}} days?");
  });
});

describe("the decision with its reasons", () => {
  const question =
    "Which enterprise customers in EMEA are most likely to churn next quarter, why, and what should we do about the top five according to our retention playbook?";

  it("asks model, playbook, tables and agent, each later one fed by the earlier", async () => {
    const plan = await decide(question);
    expect(shape(plan)).toEqual([
      "churn_model",
      "policy_assistant < s1",
      "revenue_genie < s1",
      "retention_agent < s1 s2 s3",
    ]);
    expect(plan.steps[0]?.extract).toEqual([
      { name: "customers", type: "list", column: "customer", limit: 5 },
    ]);
    expect(plan.steps[2]?.question).toBe("MRR, open tickets and overdue invoices of {{s1.customers}}");
    expect(plan.steps[3]?.question).toBe("What should we do about {{s1.customers}}");
    expect(plan.steps[3]?.context_from).toEqual(["s1", "s2", "s3"]);
  });

  it("passes its own check", async () => {
    const plan = await decide(question);
    expect(checkPlan(plan, { max_steps: 8, max_depth: 5, backends: names, allowed: names })).toEqual([]);
  });

  it("asks the surest step alone where the plan would break a bound", async () => {
    const bounded = createLocalDecision(fourBackends({}, { max_steps: 2 }));
    const { steps, decision } = await bounded(question);
    expect(steps.map(({ backend }) => backend)).toEqual(["churn_model"]);
    expect(decision.reason).toContain("breaks a bound");
  });
});

describe("follow-ups", () => {
  const table =
    "| customer | churn |\n|---|---|\n| Acme Industries | 0.9 |\n| Globex | 0.8 |\n| Initech | 0.7 |";

  async function then(first: string, next: string): Promise<Plan> {
    const plan = await decide(first);
    const history = [
      { role: "user" as const, content: first },
      { role: "assistant" as const, content: `Here they are.\n\n${table}` },
    ];
    const backends_ok = plan.steps.map(({ backend }) => backend);
    return decide(next, { history, previous: { question: first, plan, backends_ok } });
  }

  it("leaves the words to a backend that keeps the conversation", async () => {
    const { steps } = await then("How many customers do we have per segment?", "and by region?");
    expect(steps.map(({ backend, question }) => [backend, question])).toEqual([
      ["revenue_genie", "and by region?"],
    ]);
  });

  it("puts the earlier question in front for one that does not", async () => {
    const { steps } = await then("Which discounts need an approval?", "And above 20 percent?");
    expect(steps.map(({ backend, question }) => [backend, question])).toEqual([
      ["policy_assistant", "Which discounts need an approval? And above 20 percent?"],
    ]);
  });

  it("asks the same backend for reasons", async () => {
    const { steps } = await then("Which customers are likely to churn?", "why?");
    expect(steps.map(({ backend }) => backend)).toEqual(["churn_model"]);
  });

  it("names the customers of the last answer to another backend", async () => {
    const { steps } = await then(
      "Which customers are likely to churn?",
      "How much MRR do those customers bring in?",
    );
    expect(questions(steps)).toEqual(["How much MRR do Acme Industries, Globex, Initech bring in?"]);
    expect(steps[0]).toMatchObject({ backend: "revenue_genie", depends_on: [] });
  });

  it("starts anew on a new topic", async () => {
    const { steps } = await then(
      "Which customers are likely to churn?",
      "Different topic: what is our refund policy?",
    );
    expect(steps.map(({ backend }) => backend)).toEqual(["policy_assistant"]);
  });

  it.each(["What is the weather in Paris?", "Who painted the Mona Lisa?"])(
    "sends nobody what nobody knows: %s",
    async (question) => {
      expect((await then("How many customers do we have per segment?", question)).kind).toBe("refuse");
    },
  );

  it.each(["What explains the drop?", "When was the peak?", "How does that compare?"])(
    "goes on where the words are few: %s",
    async (question) => {
      expect((await then("How many customers do we have per segment?", question)).kind).toBe("plan");
    },
  );

  it("needs no backend for thanks", async () => {
    expect((await then("How many tickets are open?", "thanks, that's all")).kind).toBe("direct");
  });
});

describe("questions without an answer here", () => {
  it.each(["What about them?", "Show me the numbers.", "How are we doing?", "What should we do?"])(
    "asks back: %s",
    async (question) => {
      const plan = await decide(question);
      expect(plan.kind).toBe("clarify");
      expect(plan.clarify?.options.length).toBeGreaterThan(1);
    },
  );

  it("does not ask back where that is switched off", async () => {
    const curt = createLocalDecision(fourBackends({ clarify: false }));
    expect((await curt("Show me the numbers.")).kind).toBe("refuse");
  });

  it("says what can be asked instead", async () => {
    const plan = await decide("How do I boil an egg?");
    expect(plan.kind).toBe("refuse");
    expect(plan.refuse?.reason).toMatch(
      /^None of the connected backends answers this \(boil, egg\)\. You can ask, for example: ".+"/,
    );
  });

  it("answers what it can, and names the rest", async () => {
    const plan = await decide("How many tickets are open? And who painted the Mona Lisa?");
    expect(shape(plan)).toEqual(["revenue_genie"]);
    expect(plan.decision.reason).toContain('"who painted the Mona Lisa?" is covered by no backend');
  });

  it("does not press a question on a backend that it does not belong to", async () => {
    const plan = await decide("How many support tickets are open?", { allowed: ["policy_assistant"] });
    expect(plan.kind).toBe("refuse");
    expect(plan.refuse?.reason).toMatch(/^This belongs to a backend that may not be used here\./);
  });

  it("refuses when nobody may be asked", async () => {
    expect(await decide("How many tickets are open?", { allowed: [] })).toMatchObject({
      kind: "refuse",
      refuse: { reason: "No backend may be asked here." },
    });
  });
});

describe("what was said outright", () => {
  it("sends a mention where it points, whatever the words", async () => {
    const plan = await decide("@policy_assistant how many tickets are open?");
    expect(plan.steps.map(({ backend, question }) => [backend, question])).toEqual([
      ["policy_assistant", "how many tickets are open?"],
    ]);
    expect(plan.decision).toMatchObject({ tier: "rules", reason: "The question names @policy_assistant." });
  });

  it("follows the operator's rules before the classifier", async () => {
    const ruled = createLocalDecision(
      fourBackends({ rules: [{ pattern: "\\bboard\\b", backends: ["revenue_genie", "churn_model"] }] }),
    );
    const plan = await ruled("Prepare the board numbers");
    expect(plan.steps.map(({ backend }) => backend)).toEqual(["revenue_genie", "churn_model"]);
    expect(plan.decision.tier).toBe("rules");
  });

  it("does without rules where that tier is switched off", async () => {
    const rules = [{ pattern: "tickets", backends: ["policy_assistant"] }];
    const plan = await createLocalDecision(fourBackends({ rules, tiers: { rules: false } }))(
      "How many tickets are open?",
    );
    expect(plan.steps.map(({ backend }) => backend)).toEqual(["revenue_genie"]);
  });
});

describe("promoted labels", () => {
  it("move a question to where feedback says it belongs", async () => {
    const question = "What is our logo attrition?";
    const variants = [
      "logo attrition",
      "What is the logo attrition this year?",
      "Show logo attrition",
      question,
    ];
    const taught = createLocalDecision(
      config,
      variants.map((text) => ({ text, backends: ["revenue_genie"] })),
    );
    expect((await taught(question)).steps.map(({ backend }) => backend)).toEqual(["revenue_genie"]);
  });
});

describe("what is left open", () => {
  it.each([
    "Initech Industries?",
    "What about Initech Industries?",
    "Tell me about churn",
    "Is that allowed?",
    "How long does it take?",
    "What's the policy?",
    "I need something on our customers for the board meeting",
  ])("is asked back about: %s", async (question) => {
    expect((await decide(question)).kind).toBe("clarify");
  });

  it.each([
    "Tell me about the refund policy",
    "Hello, what is our churn?",
    "Hi there, and thanks. Please, which rules hold for discounts?",
    "MRR by region",
    "overdue invoices",
    "Which invoices are they?",
  ])("is not what says enough: %s", async (question) => {
    expect((await decide(question)).kind).toBe("plan");
  });
});

describe("orders to act", () => {
  it("are declined, at the beginning and in a conversation", async () => {
    expect((await decide("Cancel the contract of Initech Industries")).kind).toBe("refuse");
    const previous = await decide("What was the MRR in May?");
    const plan = await decide("Great, now mail that to the whole team", {
      previous: { question: "What was the MRR in May?", plan: previous, backends_ok: ["revenue_genie"] },
    });
    expect(plan.kind).toBe("refuse");
  });

  it("leave the questions beside them to be answered", async () => {
    expect(await order("How many invoices are overdue? Then send them to the lawyers.")).toEqual([
      "revenue_genie",
    ]);
  });
});

describe("a very long text", () => {
  const pasted = "lorem ipsum dolor sit amet, ".repeat(40_000);

  it.each([
    ["behind", `${pasted}\n\nHow many customers do we have per segment?`],
    ["in front", `How many customers do we have per segment?\n\n${pasted}`],
  ])("is read at its ends: the question stands %s", async (_, question) => {
    const { steps } = await decide(question);
    expect(steps.map(({ backend }) => backend)).toEqual(["revenue_genie"]);
    expect(steps[0]!.question).toContain("How many customers do we have per segment?");
    expect(steps[0]!.question.length).toBeLessThanOrEqual(4_000);
  });
});

describe("ways to point back", () => {
  it.each<[string, string[]]>([
    [
      "List the ten largest customers by MRR: how likely is each to churn?",
      ["revenue_genie", "churn_model < s1"],
    ],
    [
      "Which customers have overdue invoices, and which ones will probably churn?",
      ["revenue_genie", "churn_model < s1"],
    ],
    [
      "Find who is most likely to churn, then draft a costed action plan for that shortlist",
      ["churn_model", "retention_agent < s1"],
    ],
    ["Build an action plan for Initech Industries, and which approvals does it need?", ["retention_agent"]],
  ])("%s", async (question, steps) => {
    expect(await order(question)).toEqual(steps);
  });
});

describe("what is offered with a question back", () => {
  it("speaks of the topic, or of the one who is named", async () => {
    const topic = await decide("Tell me about churn");
    expect(topic.clarify?.options.some((option) => /churn/iu.test(option))).toBe(true);
    const named = await decide("Initech Industries?");
    expect(named.clarify?.options.some((option) => option.includes("Initech Industries"))).toBe(true);
    expect(named.clarify?.options.join()).not.toMatch(/this (?:customer|account)/u);
  });
});
