import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Company, PartAnswer } from "../../sandbox/company/contract.ts";
import { readMarkdownTable } from "../../sandbox/company/knowledge/markdown-table.ts";
import type { Table } from "../../sandbox/company/table.ts";
import { openCompany } from "./company-fixture.ts";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const ask = (question: string, ...context: string[]): Promise<PartAnswer> =>
  company.retention.answer({ question, context });

/** Rows of the n-th table as records. */
const records = (answer: PartAnswer, n = 0): Record<string, string | number | null>[] => {
  const table = (answer.custom_outputs["tables"] as Table[])[n];
  if (!table) throw new Error(answer.text);
  return table.rows.map((row) => Object.fromEntries(table.columns.map((c, i) => [c.name, row[i] ?? null])));
};
const sectionOf = (url: string, heading: string) =>
  (company.document(url) ?? "").split(`## ${heading}`)[1]?.split("\n## ")[0] ?? "";

describe("the retention agent", () => {
  it("costs every plan by the tables of the playbook and the discount policy", async () => {
    const plays = readMarkdownTable(sectionOf("/documents/retention-playbook.md", "Plays by churn driver"));
    const limits = readMarkdownTable(sectionOf("/documents/discount-policy.md", "Limits by segment"));
    for (const slice of ["enterprise", "mid-market", "small business"]) {
      const answer = await ask(`Plan for the top 40 ${slice} customers`);
      const plans = records(answer);
      expect(plans).toHaveLength(40);
      for (const plan of plans) {
        const chosen = String(plan["plays"]).split(", ").map((name) => plays.find((p) => p["Play"] === name) ?? {});
        const segment = String(plan["segment"]);
        const cost = chosen.reduce((sum, play) => sum + Number(play[segment]), 0);
        const rate = chosen.reduce((sum, play, i) => sum + (parseFloat(play["Save rate"] ?? "") / 100) * (i === 0 ? 1 : 0.5), 0);
        const limit = limits.find((row) => row["Segment"] === segment) ?? {};
        const discount = Number(plan["discount_pct"]);
        expect(chosen.length).toBeLessThanOrEqual(2);
        expect(Number(plan["play_cost"])).toBe(cost);
        expect(discount).toBeLessThanOrEqual(parseFloat(limit["Largest discount"] ?? ""));
        expect(Number(plan["discount_cost"])).toBeCloseTo((Number(plan["mrr"]) * discount * Number(limit["Term in months"])) / 100, 2);
        expect(Number(plan["total_cost"])).toBeCloseTo(cost + Number(plan["discount_cost"]), 2);
        expect(Number(plan["expected_saved_mrr"])).toBeCloseTo(Number(plan["mrr_at_risk"]) * Math.min(rate, 0.6), 1);
        const isLowTouch = plan["plays"] === "Low-touch outreach";
        expect(isLowTouch || cost <= 12 * Number(plan["expected_saved_mrr"])).toBe(true);
        expect(discount === 0 || /Value and price review|Competitive defence/.test(String(plan["plays"]))).toBe(true);
      }
    }
  });

  it("asks the approvers that the documents name", async () => {
    for (const plan of records(await ask("Plan for the top 100 enterprise customers"))) {
      const cost = Number(plan["total_cost"]);
      const who = cost <= 5_000 ? "Account Owner" : cost <= 15_000 ? "Regional Vice President" : "Chief Customer Officer";
      const discount = Number(plan["discount_pct"]);
      const forDiscount = discount > 10 ? "Chief Revenue Officer" : discount > 5 ? "Regional Vice President" : "Account Owner";
      const above = [...new Set([who, forDiscount])].filter((name) => name !== "Account Owner");
      expect(String(plan["approver"]).split(" and ").toSorted()).toEqual((above.length > 0 ? above : ["Account Owner"]).toSorted());
    }
  });

  it("plans for customers named in the question, in a list, a JSON or a Markdown table of the context", async () => {
    const names = ["Velvethythe Grid", "Otterquarry Press", "Ploverstead Media"];
    const customers = async (question: string, ...context: string[]) => records(await ask(question, ...context)).map((r) => r["customer"]);
    expect(await customers(`What should we do about ${names.join(", ")}?`)).toEqual(names);
    expect(await customers("What should we do to keep them?", `At risk: ${names.join(", ")}.`)).toEqual(names);
    expect(await customers("Make an action plan for these customers", JSON.stringify(names.map((customer) => ({ customer, mrr: 1 }))))).toEqual(names);
    expect(await customers("Plan for the top two", `| customer |\n| --- |\n${names.map((n) => `| ${n} |`).join("\n")}`)).toEqual(names.slice(0, 2));
    expect(await customers("Plan for the enterprise customers among them in EMEA", names.join("; "))).toEqual(names);
  });

  it("takes the same scores as the churn model", async () => {
    const risk = await company.churn.answer({ question: "top five enterprise customers in EMEA", context: [] });
    const plans = records(await ask("What should we do about the top five according to our retention playbook?", risk.text));
    const scored = (risk.custom_outputs["tables"] as Table[])[0]?.rows ?? [];
    expect(plans.map((p) => [p["customer"], p["probability_pct"], p["mrr_at_risk"]])).toEqual(scored.map((row) => [row[1], row[2], row[4]]));
  });

  it("states the total that the rows add up to, with steps and the sources of the rules", async () => {
    const answer = await ask("Retention plan for the top five customers in France");
    const total = records(answer).reduce((sum, plan) => sum + Number(plan["total_cost"]), 0);
    expect(answer.text).toContain(`Total: cost ${total.toFixed(2)} USD`);
    expect(records(answer, 1).every((step) => answer.text.includes(String(step["step"])))).toBe(true);
    expect(answer.citations.map((c) => answer.text.slice(c.start_index, c.end_index))).toEqual(answer.citations.map((c) => c.title));
    expect(answer.citations.every((c) => company.document(c.url) !== null)).toBe(true);
  });

  it("stays within a budget", async () => {
    const plans = records(await ask("Which of the top ten enterprise customers should we save with a budget of $20,000?"));
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.length).toBeLessThan(10);
    expect(plans.reduce((sum, plan) => sum + Number(plan["total_cost"]), 0)).toBeLessThanOrEqual(20_000);
  });

  it("asks for customers where none are given, and leaves out those that have left", async () => {
    expect((await ask("Make a retention plan")).text).toMatch(/^For which customers/);
    const left = (await company.sql("SELECT name FROM customers WHERE status = 'churned' LIMIT 1")).rows[0]?.[0] ?? "";
    expect((await ask(`Plan for ${left} and Otterquarry Press`)).text).toContain(`already left: ${left}`);
    expect((await ask(`Plan for ${left}`)).text).toContain("no active customer");
  });

  it("says which name nobody bears, and finds one that is a slip away", async () => {
    expect((await ask("Retention plan for Foobar Industries")).text).toContain('called "Foobar Industries"');
    expect(records(await ask("Retention plan for Otterquary Press"))[0]).toMatchObject({ customer: "Otterquarry Press" });
  });

  it("names what it cannot pick customers by", async () => {
    const { text } = await ask("Plan for French insurers with overdue invoices");
    expect(text).toContain("Not taken into account: with overdue invoices.");
  });
}); // prettier-ignore
