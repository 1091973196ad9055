import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStack, textOf, type Stack } from "./stack.ts";

const FLAGSHIP =
  "Which enterprise customers in EMEA are most likely to churn next quarter, why, and what should we do about the top five according to our retention playbook?";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

function planOf(body: Awaited<ReturnType<Stack["ask"]>>["body"]) {
  return body.custom_outputs.plan?.steps ?? [];
}

describe("the whole system over the sandbox", () => {
  it("answers the research question through several backends, each later one fed by the earlier", async () => {
    const { status, body } = await stack.ask({ input: FLAGSHIP });
    expect(status).toBe(200);
    expect(body.status).toBe("completed");
    const steps = planOf(body);
    const order = steps.map((step) => step.backend);
    expect(order[0]).toBe("churn_model");
    expect(new Set(order)).toEqual(
      new Set(["churn_model", "revenue_genie", "policy_assistant", "retention_agent"]),
    );
    expect(order.at(-1)).toBe("retention_agent");
    const question = body.custom_outputs.backend_calls?.find(
      (call) => call.backend === "revenue_genie",
    )?.question;
    const names = await stack.sql("SELECT name FROM customers");
    const asked = names.flatMap(([name]) =>
      name !== undefined && name !== null && question?.includes(name) ? [name] : [],
    );
    expect(asked).toHaveLength(5);
    const list = asked.map((name) => `'${name.replaceAll("'", "''")}'`).join(", ");
    const truths = await stack.sql(
      `SELECT name, CAST(mrr AS VARCHAR), (SELECT COUNT(*) FROM invoices i WHERE i.customer_id = c.customer_id AND i.status = 'overdue')
       FROM customers c JOIN subscriptions s USING (customer_id)
       WHERE month = (SELECT MAX(month) FROM subscriptions) AND name IN (${list})`,
    );
    expect(truths).toHaveLength(5);
    for (const [name, mrr, overdue] of truths) {
      expect(textOf(body)).toMatch(
        new RegExp(`${name}: MRR ${mrr} USD, open tickets \\d+, overdue invoices ${overdue}\\b`),
      );
    }
  });

  it("states the figures that SQL gives", async () => {
    const { body } = await stack.ask({ input: "What is the MRR by region?" });
    const rows = await stack.sql(
      "SELECT region, CAST(SUM(mrr) AS DECIMAL(18,2)) FROM subscriptions JOIN customers USING (customer_id) WHERE month = (SELECT MAX(month) FROM subscriptions) AND subscriptions.status = 'active' GROUP BY region",
    );
    expect(rows).toHaveLength(3);
    for (const [region, mrr] of rows) {
      expect(textOf(body)).toContain(region);
      expect(textOf(body)).toContain(mrr);
    }
  });

  it("points every citation into the text and at evidence with an address", async () => {
    const { body } = await stack.ask({ input: "What does the retention playbook say about low usage?" });
    const part = body.output.flatMap((item) => item.content ?? [])[0];
    expect(part?.annotations.length).toBeGreaterThan(0);
    for (const note of part?.annotations ?? []) {
      expect(note.type).toBe("url_citation");
      expect(part?.text.slice(note.start_index, note.end_index)).toMatch(/^\[\d+\]$/);
      const page = await fetch(note.url);
      expect(page.status).toBe(200);
    }
  });

  it("understands a follow-up after a restart in the same conversation", async () => {
    const thread = { custom_inputs: { thread_id: "restart" } };
    await stack.ask({ input: "What was the MRR of enterprise customers last month?", ...thread });
    await stack.restart();
    const { body } = await stack.ask({ input: "And by region?", ...thread });
    expect(planOf(body).map((step) => step.backend)).toEqual(["revenue_genie"]);
    for (const region of ["EMEA", "AMER", "APAC"]) expect(textOf(body)).toContain(region);
  });

  it("goes on without a stopped app and says what is missing", async () => {
    await stack.admin("apps/retention-agent", { state: "STOPPED" });
    const { body } = await stack.ask({ input: FLAGSHIP });
    await stack.admin("reset", {});
    expect(body.status).toBe("completed");
    expect(textOf(body)).toContain("What is missing");
    expect(textOf(body)).toMatch(/Retention agent: .*(stopped|not running|unavailable)/i);
  });

  it("refuses what no backend covers without asking any", async () => {
    await stack.forgetCalls();
    const { body } = await stack.ask({ input: "What will the weather be in Paris tomorrow?" });
    expect(planOf(body)).toEqual([]);
    expect(
      (await stack.calls()).filter((call) => ["genie_mcp", "ka", "churn", "app"].includes(call.endpoint)),
    ).toEqual([]);
  });
});
