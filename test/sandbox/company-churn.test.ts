import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { areaUnderCurve } from "../../sandbox/company/churn/fit.ts";
import type { Company, PartAnswer } from "../../sandbox/company/contract.ts";
import type { Table } from "../../sandbox/company/table.ts";
import { openCompany } from "./company-fixture.ts";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const ask = (question: string, ...context: string[]): Promise<PartAnswer> =>
  company.churn.answer({ question, context });
const tableOf = (answer: PartAnswer): Table => {
  const [table] = answer.custom_outputs["tables"] as Table[];
  if (!table) throw new Error(answer.text);
  return table;
};
const column = (answer: PartAnswer, name: string) => {
  const { columns, rows } = tableOf(answer);
  return rows.map((row) => row[columns.findIndex((c) => c.name === name)]);
};
const ranked = (where: string, order: string, limit: number) =>
  company.sql(
    `SELECT name, round(100 * probability, 1), mrr, CAST(round(probability * mrr, 2) AS DECIMAL(12, 2)) FROM churn_scores JOIN churn_features USING (customer_id) JOIN customers USING (customer_id) WHERE ${where} ORDER BY ${order} DESC, mrr DESC LIMIT ${limit}`,
  );

describe("the churn model", () => {
  it("tells churners from stayers on customers that it was not trained on", async () => {
    const { custom_outputs } = await ask("How accurate is the model?");
    const model = custom_outputs["model"] as { auc: number; held_out_rows: number };
    expect(model.auc).toBeGreaterThan(0.7);
    expect(model.auc).toBeLessThan(0.95);
    expect(model.held_out_rows).toBeGreaterThan(5_000);
  });

  it("expects about as many churners as left in the quarter before", async () => {
    const { rows } = await company.sql(
      "SELECT sum(probability), (SELECT count(*) FROM customers WHERE churned_on > DATE '2026-06-30') FROM churn_scores",
    );
    const [expected, last] = (rows[0] ?? []).map(Number);
    expect(Math.abs((expected ?? 0) / (last ?? 1) - 1)).toBeLessThan(0.25);
  });

  it.each([
    [
      "Which enterprise customers in EMEA are most likely to churn next quarter, and why?",
      "segment = 'Enterprise' AND region = 'EMEA'",
      "probability",
      10,
    ],
    ["Top five customers at risk of leaving in Germany", "country = 'Germany'", "probability", 5],
    [
      "Who are the 3 riskiest banks outside EMEA?",
      "industry = 'Banking' AND region <> 'EMEA'",
      "probability",
      3,
    ],
    [
      "Which mid-market accounts put the most MRR at risk?",
      "segment = 'Mid-Market'",
      "probability * mrr",
      10,
    ],
    ["customers of Hana Morikawa that may churn", "account_owner = 'Hana Morikawa'", "probability", 10],
    ["Predict churn", "true", "probability", 10],
    ["top-10 enterprse accounts at risk", "segment = 'Enterprise'", "probability", 10],
    ["riskiest customer in Japan", "country = 'Japan'", "probability", 1],
    ["Which accounts with MRR above 20k are at risk?", "mrr >= 20000", "probability", 10],
    [
      "a dozen at-risk customers in retail or logistics",
      "industry IN ('Retail', 'Logistics')",
      "probability",
      12,
    ],
    ["five UK customers with the lowest churn risk", "country = 'United Kingdom'", "-probability", 5],
  ])("ranks %j as the stored scores do", async (question, where, order, limit) => {
    const answer = await ask(question);
    const expected = await ranked(where, order, limit);
    expect(column(answer, "customer")).toEqual(expected.rows.map((row) => row[0]));
    expect(column(answer, "probability_pct")).toEqual(expected.rows.map((row) => Number(row[1])));
    expect(column(answer, "mrr_at_risk")).toEqual(expected.rows.map((row) => row[3]));
    for (const cell of [...column(answer, "customer"), ...column(answer, "mrr_at_risk")])
      expect(answer.text).toContain(cell);
  });

  it("scores the customers that the question or the context names, and says who has left", async () => {
    const names = ["Otterquarry Press", "Velvethythe Grid"];
    const sorted = (answer: PartAnswer) => column(answer, "customer").map(String).sort();
    expect(sorted(await ask(`How likely are ${names.join(" and ")} to churn?`))).toEqual(names);
    const json = JSON.stringify({ rows: names.map((customer) => ({ customer })) });
    expect(sorted(await ask("What is the churn risk of these customers?", json))).toEqual(names);
    const table = `| customer | mrr |\n| --- | --- |\n${names.map((n) => `| ${n} | 1 |`).join("\n")}`;
    expect(column(await ask("and the top one of them?", table), "customer")).toHaveLength(1);
    const left =
      (await company.sql("SELECT name FROM customers WHERE status = 'churned' LIMIT 1")).rows[0]?.[0] ?? "";
    expect((await ask(`Will ${left} churn?`)).text).toContain(`already left: ${left}`);
  });

  it("names drivers that are true of the customer", async () => {
    const answer = await ask("Why could customers in Italy churn? Top ten accounts");
    const { columns, rows } = tableOf(answer);
    for (const row of rows) {
      const drivers = String(row[columns.findIndex((c) => c.name === "drivers")]);
      const { rows: facts } = await company.sql(
        "SELECT executive_sponsor, competitor FROM customers WHERE name = :name",
        { name: String(row[1]) },
      );
      expect(drivers.includes("no executive sponsor") && facts[0]?.[0] === "true").toBe(false);
      expect(drivers.includes("competitor") && facts[0]?.[1] === null).toBe(false);
    }
  });

  it("counts the same overdue invoices as the tables", async () => {
    const { rows } = await company.sql(
      "SELECT count(*) FROM churn_features f JOIN (SELECT customer_id, count(*) AS n FROM invoices WHERE status = 'overdue' GROUP BY 1) i USING (customer_id) WHERE i.n <> f.overdue_invoices",
    );
    expect(rows).toEqual([["0"]]);
  });

  it("adds up risk by group", async () => {
    const answer = await ask("How much MRR is at risk by segment?");
    const { rows } = await company.sql(
      "SELECT segment, count(*), count(*) FILTER (WHERE probability >= 0.2), round(sum(probability), 1), sum(mrr), sum(CAST(round(probability * mrr, 2) AS DECIMAL(12, 2))) FROM churn_scores JOIN churn_features USING (customer_id) JOIN customers USING (customer_id) GROUP BY segment ORDER BY 6 DESC",
    );
    expect(tableOf(answer).rows.map((row) => row.map(String))).toEqual(
      rows.map((row) => row.map((cell, i) => (i === 3 ? String(Number(cell)) : cell))),
    );
  });

  it("picks one place of the ranking, also of a slice", async () => {
    const [first, second] = column(await ask("the two riskiest enterprise customers"), "customer");
    expect(column(await ask("second riskiest enterprise customer"), "customer")).toEqual([second]);
    expect(column(await ask("riskiest enterprise customer"), "customer")).toEqual([first]);
  });

  it("finds a name that is a slip away, and says which names nobody bears", async () => {
    expect(column(await ask("Will Otterquary Press churn?"), "customer")).toEqual(["Otterquarry Press"]);
    for (const name of ["Foobar Industries", "Nordic"]) {
      const { text, custom_outputs } = await ask(`Are the ${name} customers going to churn?`);
      expect(text).toContain(`called "${name}"`);
      expect(custom_outputs["tables"]).toEqual([]);
    }
  });

  it.each([
    ["Which customers with overdue invoices are likely to churn?", "with overdue invoices"],
    ["churn risk of customers who signed up in 2025", "signed up in 2025"],
    ["Which customers will churn in 2028?", "in 2028"],
  ])("names what it cannot pick by: %j", async (question, words) => {
    expect((await ask(question)).text).toContain(`Not taken into account: ${words}.`);
  });

  it("filters by probability", async () => {
    const answer = await ask("Which customers have a churn risk above 60 percent?");
    for (const probability of column(answer, "probability_pct"))
      expect(Number(probability)).toBeGreaterThanOrEqual(60);
  });

  it("gives the overall drivers, low usage first", async () => {
    expect(column(await ask("What drives churn overall?"), "driver")[0]).toBe("low usage");
  });

  it.each([
    ["What is the weather?", "only answer questions about churn"],
    ["What if we gave them a discount, would they stay?", "cannot say what an action would change"],
  ])("says what it cannot do: %j", async (question, hint) => {
    const { text, custom_outputs } = await ask(question);
    expect(text).toContain(hint);
    expect(custom_outputs["tables"]).toEqual([]);
  });
});

describe("the area under the curve", () => {
  it("is 1 for a perfect order, 0.5 for ties, 0 for the reverse", () => {
    const scored = (scores: number[]) => scores.map((score, i) => ({ score, left: i % 2 === 0 }));
    expect(areaUnderCurve(scored([2, 1, 4, 1]))).toBe(1);
    expect(areaUnderCurve(scored([1, 1, 1, 1]))).toBe(0.5);
    expect(areaUnderCurve(scored([1, 2, 0, 3]))).toBe(0);
    expect(areaUnderCurve(scored([3, 1, 1, 2]))).toBe(0.625);
  });
}); // prettier-ignore
