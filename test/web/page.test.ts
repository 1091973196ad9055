import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser, noBrowser } from "./browser.ts";
import { complaintsOf } from "./complaints.ts";
import { flagship, ROUTES } from "./flagship-script.ts";
import { refuse, startPageServer, type PageServer, type Script } from "./page-server.ts";

const LOW_CONTRAST = readFileSync(new URL("low-contrast.js", import.meta.url), "utf8");
const QUESTION = "Which customers will leave, and what do we do?";

if (noBrowser !== null) process.stderr.write(`${noBrowser}\n`);

describe.skipIf(noBrowser !== null)("the page in Chromium", () => {
  let browser: Browser;
  let context: BrowserContext;
  let server: PageServer;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await startPageServer(flagship(0));
    for (const [path, body] of ROUTES) server.routes.set(path, body);
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    page = await context.newPage();
    complaints = complaintsOf(page);
  });
  afterEach(async () => {
    await context.close();
    await server.close();
    if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join("; ")}`);
  });

  async function open(): Promise<void> {
    await page.goto(server.url);
  }

  async function ask(question = QUESTION, script?: Script): Promise<void> {
    if (script) server.script = script;
    await page.getByLabel("Your question").fill(question);
    await page.keyboard.press("Enter");
  }

  async function answered(count = 1): Promise<void> {
    await page
      .locator(".reply[aria-busy=false]")
      .nth(count - 1)
      .waitFor();
  }

  it("shows who answers, and asks an example with one click", async () => {
    await open();
    await page.getByRole("heading", { name: "Churn desk" }).waitFor();
    await page.getByText("3 of 4 sources ready").waitFor();
    await page.getByRole("button", { name: "What is our MRR by region?" }).click();
    await answered();
    expect(server.asked[0]).toMatchObject({ input: "What is our MRR by region?", stream: true });
  });

  it("says so when no source can be asked", async () => {
    server.routes.set("/ready", { status: "not_ready", backends: [{ ready: false }, { ready: false }] });
    server.statuses.set("/ready", 503);
    await open();
    await page.locator("#health[data-state=none]").waitFor();
    expect(await page.locator("#health").textContent()).toBe("0 of 2 sources ready");
  });

  it("brings a follow-up and its answer into view", async () => {
    await open();
    await ask();
    await answered();
    await ask("And why?");
    await answered(2);
    const question = page.getByRole("heading", { name: "And why?" });
    await expect.poll(async () => (await question.boundingBox())?.y).toBeLessThan(150);
  });

  it("takes a vote on an answer, changes it, and keeps it over a reload", async () => {
    await open();
    await ask();
    await answered();
    const [good, bad] = [
      page.getByLabel("A good answer", { exact: true }),
      page.getByLabel("Not a good answer"),
    ];
    await good.click();
    await expect.poll(() => good.getAttribute("aria-pressed")).toBe("true");
    await bad.click();
    await expect.poll(() => bad.getAttribute("aria-pressed")).toBe("true");
    expect(await good.getAttribute("aria-pressed")).toBe("false");
    const response_id = (await page.getByRole("link", { name: "Trace" }).getAttribute("href"))
      ?.split("=")
      .at(-1);
    expect(response_id).toMatch(/^resp_/);
    expect(server.votes).toEqual([
      { response_id, value: true },
      { response_id, value: false },
    ]);
    await page.reload();
    expect(await bad.getAttribute("aria-pressed")).toBe("true");
  });

  it("shows the plan and each step as it runs", async () => {
    await open();
    await ask(QUESTION, async (reply, body) => flagship(20)(reply, body));
    await page.locator(".step", { hasText: "Churn model" }).waitFor();
    await page.locator("li[data-status=running] .step-name", { hasText: "Churn model" }).waitFor();
    expect(await page.locator(".step").count()).toBe(4);
    await page.locator("li[data-status=ok] .step-name", { hasText: "Revenue genie" }).waitFor();
    await page.locator("li[data-status=failed] .step-name", { hasText: "Retention agent" }).waitFor();
    expect(await page.locator(".together .step-name").allInnerTexts()).toEqual(["Revenue genie\n, done", "Policy assistant\n, done"]); // prettier-ignore
  });

  it("renders the answer as Markdown and nothing of it as HTML", async () => {
    await open();
    await ask();
    await answered();
    expect(await page.locator(".answer table tbody tr").count()).toBe(3);
    expect(await page.locator(".answer h3").allInnerTexts()).toEqual(["Who, and why", "What to do"]);
    expect(await page.locator(".answer script").count()).toBe(0);
    expect(
      await page.locator(".answer a").evaluateAll((links) => links.map((a) => a.getAttribute("href"))),
    ).toEqual(["https://docs.example.test/billing"]);
    expect(await page.title()).toBe("Churn desk");
  });

  it("opens the evidence behind a citation and gives the focus back", async () => {
    await open();
    await ask();
    await answered();
    const chip = page
      .locator(".answer")
      .getByRole("button", { name: "Source 2: MRR and open tickets, Revenue genie" });
    await chip.click();
    const panel = page.getByRole("dialog", { name: "Source 2" });
    await panel.getByText("SELECT c.name AS customer").waitFor();
    expect(await panel.locator("tbody tr").allInnerTexts()).toEqual([
      "Umbertoft Clinics\t48,210.0\t6",
      "Nimbelkeld Media\t31,775.5\t2",
      "Inglefold Industries\t27,940.0\t9",
    ]);
    await page.keyboard.press("Escape");
    expect(await panel.isVisible()).toBe(false);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("2");
  });

  it("fetches evidence that did not come with the answer, and falls back to its preview", async () => {
    server.routes.set("/responses/resp_1/evidence/s3.e1", { kind: "document", title: "Playbook", text: "The whole passage." }); // prettier-ignore
    await open();
    await ask();
    await answered();
    await page.locator(".source-list button", { hasText: "Retention playbook" }).click();
    await page.getByRole("dialog").getByText("The whole passage.").waitFor();
    server.routes.delete("/responses/resp_1/evidence/s3.e1");
    await page.reload();
    await page.locator(".source-list button", { hasText: "Retention playbook" }).click();
    const preview = page.getByRole("dialog").getByText("An executive sponsor calls within five days");
    await preview.waitFor();
    expect(await preview.isVisible()).toBe(true);
  });

  it("says what is missing and what to ask next", async () => {
    await open();
    await ask();
    await answered();
    await page
      .getByRole("region", { name: "What is missing" })
      .getByText("it did not answer within 20 seconds")
      .waitFor();
    await page.getByRole("button", { name: "And in APAC?" }).click();
    await answered(2);
    expect(server.asked.map(({ input }) => input)).toEqual([QUESTION, "And in APAC?"]);
  });

  it("keeps the conversation and its thread across a reload", async () => {
    await open();
    await ask();
    await answered();
    await page.reload();
    await page.getByRole("heading", { name: QUESTION }).waitFor();
    expect(await page.locator(".answer table").count()).toBe(1);
    await ask("And then?");
    await answered(2);
    const threads = server.asked.map((body) => body.custom_inputs.thread_id);
    expect(threads[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(threads[1]).toBe(threads[0]);
  });

  it("starts a new conversation with a thread of its own, and goes back to the old one", async () => {
    await open();
    await ask();
    await answered();
    await page.getByRole("button", { name: "New conversation" }).click();
    await page.getByRole("heading", { name: "What would you like to know?" }).waitFor();
    await ask("Something else");
    await answered();
    const [first, second] = server.asked.map((body) => body.custom_inputs.thread_id);
    expect(second).not.toBe(first);
    await page.goBack();
    await page.getByRole("heading", { name: QUESTION }).waitFor();
  });

  it("stops the run and keeps what has come", async () => {
    await open();
    await ask(QUESTION, flagship(20));
    await page.locator(".answer p").first().waitFor();
    await page.getByRole("button", { name: "Stop answering" }).click();
    await page.getByText("Stopped before the answer was complete.").waitFor();
    await expect.poll(() => server.aborted).toBe(1);
    expect(await page.locator(".answer").innerText()).toContain("Five");
    await page.getByRole("button", { name: "Ask again" }).waitFor();
  });

  it("shows a refusal of the server in its own words", async () => {
    await open();
    await ask("Hello?", async ({ res }) => {
      res.setHeader("retry-after", "7");
      refuse(res, 429, "rate_limit_exceeded", "Too many requests.");
    });
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("Too many requests. Try again in 7 seconds.");
  });

  it("shows a failure in the middle of a stream, and asks again on demand", async () => {
    await open();
    await ask("Hello?", async ({ event }) => {
      event({ type: "response.created", response: { id: "r" } });
      event({ type: "response.output_text.delta", delta: "Half an ans" });
      event({ type: "error", code: "timeout", message: "The model did not answer in time." });
      event({ type: "response.failed", response: { id: "r", status: "failed", error: { message: "x" } } });
    });
    await page.getByRole("alert").getByText("The model did not answer in time.").waitFor();
    server.script = flagship(0);
    await page.getByRole("button", { name: "Ask again" }).click();
    await answered(2);
    expect(server.asked.map(({ input }) => input)).toEqual(["Hello?", "Hello?"]);
  });

  it("says so when the connection breaks or the server is gone", async () => {
    await open();
    await ask("Hello?", async ({ res, event, wait }) => {
      event({ type: "response.created", response: { id: "r" } });
      await wait(20);
      res.destroy();
    });
    await page.getByRole("alert").getByText("The connection broke before the answer was complete.").waitFor();
    await server.close();
    complaints = complaints.filter((text) => !text.includes("ERR_INCOMPLETE_CHUNKED_ENCODING"));
    await ask("Still there?");
    await page.getByRole("alert").nth(1).waitFor();
    expect(await page.getByRole("alert").nth(1).innerText()).toContain("The server cannot be reached.");
    complaints = complaints.filter((text) => !text.includes("ERR_CONNECTION_REFUSED"));
  });

  it("works without our own events, from reasoning summaries and the final object", async () => {
    await open();
    await ask("Hello?", async ({ event }) => {
      event({ type: "response.created", response: { id: "r" } });
      event({ type: "response.reasoning_summary_text.done", text: "Asking sales_genie." });
      event({ type: "response.output_text.delta", delta: "It is **42** [1]." });
      const citation = {
        n: 1,
        evidence: "s1.e1",
        step: "s1",
        backend: "sales_genie",
        title: "Sales",
        url: "",
      };
      const call = {
        step: "s1",
        backend: "sales_genie",
        status: "ok",
        question: "Sales?",
        evidence: [],
        duration_ms: 5,
      };
      event({ type: "response.completed", response: { id: "r", custom_outputs: { backend_calls: [call], citations: [citation] } } }); // prettier-ignore
    });
    await answered();
    await page.locator(".plan > summary").click();
    await page.locator(".step-name", { hasText: "Sales genie" }).waitFor();
    const chip = page.locator(".answer").getByRole("button", { name: "Source 1: Sales, Sales genie" });
    expect(await chip.isVisible()).toBe(true);
  });

  it("is usable by keyboard alone", async () => {
    await open();
    expect(await page.evaluate("document.activeElement.id")).toBe("question");
    await page.keyboard.type("First line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second line");
    await page.keyboard.press("Enter");
    await answered();
    expect(server.asked[0]?.input).toBe("First line\nsecond line");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("suggestion");
    expect(await page.locator("#status").innerText()).toBe("The answer is complete.");
  });

  it.each([320, 768, 1280])("does not scroll sideways at %i pixels", async (width) => {
    await page.setViewportSize({ width, height: 700 });
    await open();
    await ask();
    await answered();
    const wide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
    expect(wide).toBe(0);
  });

  it.each(["light", "dark"] as const)("keeps text legible in %s colours", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await open();
    await ask();
    await answered();
    const low = await page.evaluate<string[]>(LOW_CONTRAST);
    expect(low).toEqual([]);
  });
});
