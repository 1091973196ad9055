import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Company } from "../../sandbox/company/contract.ts";
import { comparable, openCompany } from "./company-fixture.ts";
import { CASES } from "./company-genie-cases.ts";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

describe("the Genie space", () => {
  it.each(CASES)("answers %j as hand-written SQL does", async (question, sql) => {
    const reply = await company.genie.ask(question, question);
    expect(reply).toMatchObject({ outcome: "answer" });
    expect(comparable(reply.query?.result ?? { columns: [], rows: [] })).toEqual(comparable(await company.sql(sql)));
  });

  it.each(CASES.slice(0, 20))("states numbers of %j exactly as in the rows", async (question) => {
    const reply = await company.genie.ask(question, question);
    const [row = []] = reply.query?.result.rows ?? [];
    for (const cell of row.filter((c) => c !== null)) expect(reply.text).toContain(cell);
  });

  it("returns one statement that gives the same rows when run again", async () => {
    const reply = await company.genie.ask("c", "Which customers have overdue invoices and more than 1 open ticket?");
    const again = await company.sql(reply.query?.sql ?? "");
    expect(again.rows).toEqual(reply.query?.result.rows);
    expect(again.columns).toEqual(reply.query?.result.columns);
  });

  it("cuts long results and says how many rows there are", async () => {
    const reply = await company.genie.ask("c", "List all enterprise customers");
    const count = (await company.sql("SELECT count(*) FROM customers WHERE segment = 'Enterprise' AND status = 'active'")).rows[0]?.[0];
    expect(reply.query).toMatchObject({ row_count: Number(count), truncated: true });
    expect(reply.query?.result.rows).toHaveLength(200);
  });

  it("suggests questions that it can answer", async () => {
    for (const first of ["What is MRR by region?", "Which customers churned last quarter?", "CSAT by severity"]) {
      const { suggested_questions } = await company.genie.ask(first, first);
      expect(suggested_questions.length).toBeGreaterThan(0);
      for (const question of suggested_questions) {
        expect(await company.genie.ask("fresh", question)).toMatchObject({ outcome: "answer" });
      }
    }
  });
}); // prettier-ignore
