import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCompany } from "../../sandbox/company/company.ts";
import type { Company } from "../../sandbox/company/contract.ts";
import { openCompany } from "./company-fixture.ts";

const FINGERPRINT = `
  SELECT (SELECT sum(mrr) FROM subscriptions) AS mrr, (SELECT sum(events) FROM usage) AS events,
    (SELECT sum(amount) FROM invoices WHERE status = 'overdue') AS overdue, (SELECT count(csat) FROM support_tickets) AS rated,
    (SELECT sum(probability) FROM churn_scores) AS churners, (SELECT string_agg(name, ',' ORDER BY customer_id) FROM customers WHERE customer_id < 50) AS names`;

describe("the company's data", () => {
  let company: Company;
  const single = async (sql: string, parameters?: Record<string, string>) => (await company.sql(sql, parameters)).rows[0]?.[0];

  beforeAll(async () => {
    company = await openCompany();
  });
  afterAll(() => company.close());

  it("has 5,000 customers with different names, 24 months and about a million usage rows", async () => {
    expect(await single("SELECT count(DISTINCT name) FROM customers")).toBe("5000");
    expect(await single("SELECT count(DISTINCT month) FROM subscriptions")).toBe("24");
    const usage = Number(await single("SELECT count(*) FROM usage"));
    expect(usage).toBeGreaterThan(900_000);
    expect(usage).toBeLessThan(1_400_000);
  });

  it("ends on its fixed today", async () => {
    expect(await single("SELECT max(opened_on) <= DATE '2026-09-30' FROM support_tickets")).toBe("true");
    expect(await single("SELECT max(month) FROM subscriptions")).toBe("2026-09-01");
  });

  it("bills every subscription month once, by the list prices of the pricing policy", async () => {
    expect(await single("SELECT count(*) FROM subscriptions s ANTI JOIN invoices i ON i.customer_id = s.customer_id AND i.issued_on = s.month AND i.amount = s.mrr")).toBe("0");
    const policy = company.document("/documents/pricing-policy.md") ?? "";
    const { rows } = await company.sql("SELECT s.plan, max(mrr / s.seats) FROM subscriptions s WHERE is_new AND s.seats < 100 AND price_increase_pct = 0 GROUP BY s.plan");
    for (const [plan, price] of rows) expect(policy).toContain(`| ${plan} | ${Math.round(Number(price))} |`);
    expect(rows).toHaveLength(4);
  });

  it("lets customers leave more often after a fall in usage", async () => {
    const rate = (leavers: string) => single(`
      WITH change AS (
        SELECT customer_id, sum(events) FILTER (WHERE week BETWEEN DATE '2026-04-01' AND DATE '2026-06-30') / nullif(sum(events) FILTER (WHERE week BETWEEN DATE '2026-01-01' AND DATE '2026-03-31'), 0) - 1 AS change
        FROM usage GROUP BY customer_id)
      SELECT avg(CASE WHEN churned_on > DATE '2026-06-30' THEN 1.0 ELSE 0 END) FROM change JOIN customers USING (customer_id)
      WHERE (churned_on IS NULL OR churned_on > DATE '2026-06-30') AND ${leavers}`);
    expect(Number(await rate("change < -0.3"))).toBeGreaterThan(2 * Number(await rate("change > -0.1")));
  });

  it("plants a few ticket texts that give orders", async () => {
    const planted = Number(await single("SELECT count(*) FROM support_tickets WHERE description LIKE 'Ignore all previous instructions%'"));
    expect(planted).toBeGreaterThan(0);
    expect(planted).toBeLessThan(50);
  });

  it("binds named parameters and leaves casts and strings alone", async () => {
    const sql = "SELECT count(*) || ':x'::VARCHAR FROM customers WHERE region = :region AND signup_date >= :since";
    const expected = await single("SELECT count(*) || ':x' FROM customers WHERE region = 'EMEA' AND signup_date >= DATE '2026-01-01'");
    expect(await single(sql, { region: "EMEA", since: "2026-01-01" })).toBe(expected);
    await expect(company.sql(sql, { region: "EMEA" })).rejects.toThrow("UNBOUND_SQL_PARAMETER");
  });

  it.each([
    "DELETE FROM customers",
    "DROP TABLE customers",
    "CREATE TABLE t AS SELECT 1",
    "COPY customers TO '/dev/null'",
    "ATTACH ':memory:' AS other",
    "SET threads = 1",
    "SELECT 1; DELETE FROM customers",
    "WITH x AS (SELECT 1) INSERT INTO customers SELECT * FROM customers",
    "SELECT * FROM read_text('/etc/hostname')",
    "",
  ])("refuses %j", async (sql) => {
    await expect(company.sql(sql)).rejects.toThrow(/SELECT|statement|disabled|Parser/);
  });

  it("gives Databricks type names", async () => {
    const { columns } = await company.sql("SELECT name, customer_id, signup_date, executive_sponsor, 1.5::DOUBLE AS x, 2.50 AS y FROM customers LIMIT 1");
    expect(columns.map((c) => c.type_name)).toEqual(["STRING", "LONG", "DATE", "BOOLEAN", "DOUBLE", "DECIMAL"]);
  });

  it("serves documents with and without host and anchor", () => {
    expect(company.documents().length).toBeGreaterThanOrEqual(40);
    const text = company.document("https://host.example/documents/refund-policy.md#first-30-days");
    expect(text).toMatch(/^# Refund Policy/);
    expect(company.document("/documents/none.md")).toBeNull();
  });
}); // prettier-ignore

describe("making the company", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "company-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("gives the same data from the same seed, also when two start at once, and other data from another", async () => {
    const shared = await openCompany();
    const [a, b] = await Promise.all([
      createCompany({ cacheDir: folder }),
      createCompany({ cacheDir: folder }),
    ]);
    const other = await createCompany({ cacheDir: folder, seed: 8 });
    const print = async (c: Company) => (await c.sql(FINGERPRINT)).rows;
    expect(await print(a)).toEqual(await print(shared));
    expect(await print(b)).toEqual(await print(shared));
    expect(await print(other)).not.toEqual(await print(shared));
    await Promise.all([shared, a, b, other].map((c) => c.close()));
    expect((await readdir(folder)).map((f) => f.replace(/-\w{12}-/, "-")).toSorted()).toEqual([
      "company-seed7.duckdb",
      "company-seed8.duckdb",
    ]);
  }, 60_000);
});
