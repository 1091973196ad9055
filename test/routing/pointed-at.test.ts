/** What follow-ups mean of the names that earlier answers listed. */
import { describe, expect, it } from "vitest";
import { createLocalDecision } from "../../routing/create-router.ts";
import { fourBackends } from "./cards.fixture.ts";

const decide = createLocalDecision(fourBackends());

const RISKS = `### Churn model

Probability of churn in the next quarter (October to December 2026), 3 of 172 customers (Enterprise, EMEA):
1. Acme Industries: 26.2 %, because of low usage: usage is 90 % below its best month. MRR 12474.00 USD.
2. Globex & Sons: 22.4 %, because of no executive sponsor; a Competitor is evaluated.
3. **Initech**: 19.6 %.
Logistic regression. [1]

### Policy assistant

**Retention Playbook – Plays:** Owner: Customer Success Manager. Steps: Review usage by Friday. [2]

- Regional Vice President: approves`;

const ONE = "Churn in October:\n1. Acme Industries: 26.2 %, because of low usage. [1]";

async function asked(question: string, ...answers: string[]): Promise<string[]> {
  const first = "Which customers are likely to churn?";
  const history = answers.flatMap((answer) => [
    { role: "user" as const, content: first },
    { role: "assistant" as const, content: answer },
  ]);
  const plan = await decide(first);
  const previous = { question: first, plan, backends_ok: ["churn_model"] };
  const { steps } = await decide(question, { history, previous });
  return steps.map((step) => step.question);
}

describe("names that an answer lists", () => {
  it.each([
    [
      "How many open tickets do they have?",
      "How many open tickets do Acme Industries, Globex & Sons, Initech have?",
    ],
    ["Show the open tickets of the first two", "Show the open tickets of Acme Industries, Globex & Sons"],
    ["Show the open tickets of the last two", "Show the open tickets of Globex & Sons, Initech"],
    ["How many open tickets does the second one have?", "How many open tickets does Globex & Sons have?"],
    ["How many open tickets does the last one have?", "How many open tickets does Initech have?"],
    ["How many open tickets does number 1 have?", "How many open tickets does Acme Industries have?"],
  ])("%s", async (question, sent) => {
    expect(await asked(question, RISKS)).toEqual([sent]);
  });

  it.each([
    ["How many open tickets does it have?", "How many open tickets does Acme Industries have?"],
    ["What are its open tickets?", "What are the open tickets for Acme Industries?"],
    ["How many open tickets does this customer have?", "How many open tickets does Acme Industries have?"],
  ])("means the only one: %s", async (question, sent) => {
    expect(await asked(question, ONE)).toEqual([sent]);
  });

  it("does not take several for one, nor a rank that the list does not have", async () => {
    const one = "How many open tickets does it have?";
    expect(await asked(one, RISKS)).toEqual([one]);
    const ninth = "How many open tickets does the ninth one have?";
    expect(await asked(ninth, RISKS)).toEqual([ninth]);
  });

  it("looks further back where the last answer lists too few", async () => {
    expect(await asked("How many open tickets does the third one have?", RISKS, ONE)).toEqual([
      "How many open tickets does Initech have?",
    ]);
    expect(await asked("Show the open tickets of the first two", RISKS, ONE)).toEqual([
      "Show the open tickets of Acme Industries, Globex & Sons",
    ]);
  });

  it("leaves a word alone that stands for nothing", async () => {
    const question = "How long does it take to resolve a ticket on average?";
    expect(await asked(question, ONE)).toEqual([question]);
  });
});

describe("names in prose", () => {
  it("counts no month as one", async () => {
    const answer = "In October and December we may lose Acme Industries and Globex.";
    expect(await asked("How many open tickets do they have?", answer)).toEqual([
      "How many open tickets do Acme Industries, Globex have?",
    ]);
  });
});
