import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Company } from "../../sandbox/company/contract.ts";
import { openCompany } from "./company-fixture.ts";

interface Cards {
  backends: { name: string; topics: Record<string, string[]> }[];
  routing: { other_examples: string[] };
}

const cards = parse(readFileSync("config/sandbox.yaml", "utf8")) as Cards;
const examplesOf = (name: string) =>
  Object.values(cards.backends.find((backend) => backend.name === name)?.topics ?? {}).flat();
/** "These customers" of a question that stands alone are nobody. */
const POINTS_NOWHERE =
  /\b(?:this|these|those|that) (?:customers?|accounts?|contract|\w+ owner)\b|\bnamed above\b|\bof that account\b|\bfor each of those\b/i;

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const NAMED = ["Otterquarry Press, Velvethythe Grid, Kestrelember Market"];

/** The cards show how people word what belongs to a backend; the sandbox's grammars take up a part of them, and never fail. */
async function takenUp(name: string, isTakenUp: (question: string) => Promise<boolean>): Promise<number> {
  const taken = await Promise.all(examplesOf(name).map(isTakenUp));
  return taken.filter(Boolean).length / taken.length;
}

describe("what the sandbox's backends make of the examples in their cards", () => {
  it("revenue_genie fails at none, and answers its share of them with every word used", async () => {
    const alone = examplesOf("revenue_genie").filter((question) => !POINTS_NOWHERE.test(question));
    const replies = await Promise.all(alone.map((question) => company.genie.ask(question, question)));
    expect(alone.filter((_, i) => replies[i]?.outcome === "failed")).toEqual([]);
    const whole = replies.filter((r) => r.outcome === "answer" && !r.text.includes("Not taken into account"));
    expect(whole.length / alone.length).toBeGreaterThan(0.4);
  });

  it("revenue_genie has no figures for accounts that nobody named", async () => {
    for (const question of examplesOf("revenue_genie").filter((example) => POINTS_NOWHERE.test(example)))
      expect((await company.genie.ask(question, question)).query).toBeUndefined();
  });

  it.each([
    ["policy_assistant", 0.35, async (question: string) => (await company.knowledge.answer({ question, context: [] })).citations.length > 0],
    ["churn_model", 0.95, async (question: string) => !/I can only answer|cannot say|No active/.test((await company.churn.answer({ question, context: NAMED })).text)],
    ["retention_agent", 0.98, async (question: string) => (await company.retention.answer({ question, context: NAMED })).text.startsWith("Retention plan for ")],
  ] as const)("%s takes up at least %d of them", async (name, least, isTakenUp) => {
    expect(await takenUp(name, isTakenUp)).toBeGreaterThan(least);
  });

  it("hardly anybody has an answer to what belongs to nobody", async () => {
    const foreign = cards.routing.other_examples;
    const replies = await Promise.all(foreign.map((question) => company.genie.ask(question, question)));
    const answered = foreign.filter((_, i) => replies[i]?.query !== undefined);
    expect(answered.length / foreign.length).toBeLessThan(0.1);
  });
}); // prettier-ignore
