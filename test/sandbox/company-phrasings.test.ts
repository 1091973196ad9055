import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Company } from "../../sandbox/company/contract.ts";
import { openCompany } from "./company-fixture.ts";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

let conversations = 0;

/** The reply to the last of the questions, asked in a conversation of their own. */
async function ask(...questions: string[]) {
  const id = `phrasing ${(conversations += 1)}`;
  const replies = [];
  for (const question of questions) replies.push(await company.genie.ask(id, question));
  return replies.at(-1)!;
}

describe("what the Genie space makes of other words", () => {
  const ACTIVE = "SELECT count(*) FROM customers WHERE status = 'active'";
  it.each([
    ["How many of our insurers are on Essentials?", `${ACTIVE} AND industry = 'Insurance' AND plan = 'Essentials'`],
    ["How many accounts lack a sponsor?", `${ACTIVE} AND NOT executive_sponsor`],
    ["How many custmers are in Japan?", `${ACTIVE} AND country = 'Japan'`],
    ["How many invoices are overdue by more than sixty days?", "SELECT count(*) FROM invoices WHERE status = 'overdue' AND due_on < DATE '2026-09-30' - 60"],
    ["What is the total of unpaid invoices?", "SELECT sum(amount) FROM invoices WHERE status = 'overdue'"],
    ["Tell me the monthly recurring revenue across all customers", "SELECT sum(mrr) FROM subscriptions WHERE status = 'active' AND month = DATE '2026-09-01'"],
  ])("answers %j with one figure", async (question, sql) => {
    const truth = await company.sql(sql);
    expect((await ask(question)).query?.result.rows).toEqual(truth.rows);
  }); // prettier-ignore

  it("names what a negation leaves out", async () => {
    const reply = await ask("Which customers do not have an executive sponsor in Japan?");
    expect(reply.text).toContain("without executive sponsor; Japan");
    expect(reply.text).not.toContain("with executive sponsor");
  });

  it("steps on in time from the answer before", async () => {
    const reply = await ask("How many customers did we lose in Q1 2026?", "and the quarter after?");
    expect(reply.text).toContain("Q2 2026");
  });

  it("takes the past year as the last twelve months", async () => {
    const reply = await ask("MRR month by month over the past year");
    expect(reply.query?.result.rows.map(([month]) => month)).toContain("2026-09-01");
    expect(reply.query?.row_count).toBe(12);
  });

  it("refuses a median that it would have to replace by a total", async () => {
    expect(await ask("What is the median churn rate by region?")).toMatchObject({
      outcome: "cannot",
      text: "I can give churn rate in total or by group, but no median of it.",
    });
  });

  it("asks what an unknown verb means before it counts", async () => {
    const reply = await ask("How many customers vanished in May 2026?");
    expect(reply).toMatchObject({ outcome: "clarify" });
    expect(reply.text).toContain("vanished");
  });
});
