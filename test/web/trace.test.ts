/** The page of a trace, on real traces of the whole system over the sandbox. */
import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Plan } from "../../routing/plan.ts";
import type { SpanRecord } from "../../tracing/span-record.ts";
import { startStack, type ResponseBody, type Stack } from "../e2e/stack.ts";
import { launchBrowser, noBrowser } from "./browser.ts";
import { complaintsOf } from "./complaints.ts";

const LOW_CONTRAST = readFileSync(new URL("low-contrast.js", import.meta.url), "utf8");
const QUESTION = "Which enterprise customers are most likely to churn? Then make a retention plan for them.";

describe.skipIf(noBrowser !== null)("the page of a trace in Chromium", () => {
  let browser: Browser;
  let context: BrowserContext;
  let stack: Stack;
  let page: Page;
  let complaints: string[];
  let answered: ResponseBody;

  beforeAll(async () => {
    browser = await launchBrowser();
    stack = await startStack();
    answered = (await stack.ask({ input: QUESTION, custom_inputs: { thread_id: "traced" } })).body;
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await stack.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    page = await context.newPage();
    complaints = complaintsOf(page);
  });
  afterEach(async () => {
    await context.close();
    if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join("; ")}`);
  });

  const open = (id: string) => page.goto(`${stack.url}/trace.html?id=${id}`);
  const rows = (): Locator => page.locator(".span-row");
  const row = (name: string): Locator =>
    rows()
      .filter({ has: page.getByText(name, { exact: true }) })
      .first();

  async function recorded(id: string): Promise<SpanRecord[]> {
    const reply = await fetch(`${stack.url}/traces/${id}`);
    return ((await reply.json()) as { spans: SpanRecord[] }).spans;
  }

  it("is linked from an answer that was opened from the list, evidence and all", async () => {
    await page.goto(stack.url);
    await page.getByRole("link", { name: QUESTION }).click();
    await page.getByRole("heading", { name: QUESTION, exact: true }).waitFor();
    await page.locator(".answer button.chip").first().click();
    await page.getByRole("dialog").locator("tbody tr").first().waitFor();
    await page.keyboard.press("Escape");
    const popup = page.waitForEvent("popup");
    await page.getByRole("link", { name: "Trace" }).click();
    const trace = await popup;
    await trace.getByRole("heading", { name: QUESTION }).waitFor();
    expect(trace.url()).toBe(`${stack.url}/trace.html?id=${answered.id}`);
  });

  it("says who decided, how probable each backend was, and what was not taken for each step", async () => {
    await open(answered.id);
    const plan = answered.custom_outputs.plan as Plan;
    const decision = page.getByRole("region", { name: "The routing decision" });
    await decision.getByText(/^Decided by the local classifier, \d/).waitFor();
    expect(plan.decision.tier).toBe("local");
    expect(await decision.locator(".probabilities tr").count()).toBe(
      Object.keys(plan.decision.probabilities).length,
    );
    const steps = decision.locator(".trace-steps > li");
    expect(await steps.locator(".trace-step strong").allInnerTexts()).toEqual([
      "Churn model",
      "Retention agent",
    ]);
    for (const [i, step] of plan.steps.entries())
      expect(await steps.nth(i).locator("ul li").count()).toBe(step.rejected.length);
  });

  it("shows every span once, where and as long as it was", async () => {
    const spans = await recorded(answered.id);
    await open(answered.id);
    await row("classify").waitFor();
    expect(await rows().count()).toBe(spans.length);
    const begin = Math.min(...spans.map((span) => span.started_at));
    const end = Math.max(...spans.map((span) => span.started_at + span.duration_ms));
    const step = spans.find(({ name }) => name === "step s2");
    const bar = row("step s2").locator("rect");
    const [x, width] = [Number(await bar.getAttribute("x")), Number(await bar.getAttribute("width"))];
    expect(x).toBeCloseTo(((step?.started_at ?? 0) - begin) / (end - begin), 6);
    expect(width).toBeCloseTo((step?.duration_ms ?? 0) / (end - begin), 6);
    expect(await row("step s2").innerText()).toContain("Retention agent, ok");
    expect(await page.getByRole("link", { name: "Raw JSON" }).getAttribute("href")).toBe(
      `/traces/${answered.id}`,
    );
  });

  it("opens the calls of a backend and what a span recorded, by keyboard", async () => {
    await open(answered.id);
    await row("classify").waitFor();
    const call = row("POST churn_model responses");
    expect(await call.isVisible()).toBe(false);
    await page.getByRole("button", { name: "What is inside execute_tool churn_model" }).focus();
    await page.keyboard.press("Enter");
    expect(await call.isVisible()).toBe(true);
    expect(await call.innerText()).toContain("200");
    await row("step s1").focus();
    await page.keyboard.press("Enter");
    await page.locator(".span-facts dd", { hasText: "churn_model" }).first().waitFor();
    expect(await row("step s1").getAttribute("aria-expanded")).toBe("true");
    await page.keyboard.press("Enter");
    expect(await row("step s1").getAttribute("aria-expanded")).toBe("false");
  });

  it("marks what failed, with its code", async () => {
    await stack.admin("faults", { endpoint: "ka", fault: { kind: "status", status: 500 } });
    const { body } = await stack.ask({ input: "What does our retention playbook say about late renewals?" });
    await stack.admin("faults", undefined, "DELETE");
    const id = body.id ?? (await newest());
    await open(id);
    await row("step s1").waitFor();
    expect(await row("step s1").innerText()).toContain("Policy assistant, failed, server_error");
    expect(await row("step s1").locator("rect").getAttribute("class")).toBe("failed");
  });

  async function newest(): Promise<string> {
    const { data } = (await (await fetch(`${stack.url}/traces?limit=1`)).json()) as {
      data: { id: string }[];
    };
    return data[0]?.id ?? "";
  }

  it("says so when there is no such trace", async () => {
    await open("resp_unknown");
    await page.getByRole("alert").getByText("There is no such trace.").waitFor();
    expect(await page.getByRole("link", { name: "Raw JSON" }).isVisible()).toBe(false);
  });

  it.each(["light", "dark"] as const)(
    "is legible in %s colours and fits narrow screens",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 360, height: 740 });
      await open(answered.id);
      await row("step s1").click();
      expect(await page.evaluate<string[]>(LOW_CONTRAST)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    },
  );
});
