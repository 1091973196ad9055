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

describe("what the sandbox's backends promise in their cards", () => {
  it.each(examplesOf("revenue_genie").filter((question) => !POINTS_NOWHERE.test(question)))(
    "revenue_genie answers %j and uses every word",
    async (question) => {
      const reply = await company.genie.ask(question, question);
      expect(reply).toMatchObject({ outcome: "answer" });
      expect(reply.text).not.toContain("Not taken into account");
    },
  );

  it.each(examplesOf("revenue_genie").filter((question) => POINTS_NOWHERE.test(question)))(
    "revenue_genie asks back on %j, or answers after a list of customers",
    async (question) => {
      expect(await company.genie.ask(question, question)).toMatchObject({ outcome: "clarify" });
      const id = `after a list: ${question}`;
      await company.genie.ask(id, "Top 3 customers by MRR");
      expect(await company.genie.ask(id, question)).toMatchObject({ outcome: "answer" });
    },
  );

  it.each(examplesOf("policy_assistant"))("policy_assistant finds passages for %j", async (question) => {
    const { citations } = await company.knowledge.answer({ question, context: [] });
    expect(citations.length).toBeGreaterThan(0);
  });

  it.each(examplesOf("churn_model"))("churn_model takes up %j", async (question) => {
    const context = ["Otterquarry Press, Velvethythe Grid, Kestrelember Market"];
    const { text } = await company.churn.answer({ question, context });
    expect(text).not.toMatch(/I can only answer|cannot say|No active/);
  });

  it.each(examplesOf("retention_agent"))("retention_agent plans for %j", async (question) => {
    const context = ["Otterquarry Press, Velvethythe Grid, Kestrelember Market"];
    const { text } = await company.retention.answer({ question, context });
    expect(text).toMatch(/^Retention plan for \d+/);
  });

  it.each(cards.routing.other_examples)("nobody has an answer to %j", async (question) => {
    const genie = await company.genie.ask(question, question);
    expect(genie.query).toBeUndefined();
  });
});
