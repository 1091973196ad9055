/** Earlier conversations on the page, against the real app and store; only the graph is scripted. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ApprovalRequest, TurnInput, TurnResult } from "../../graphs/run.ts";
import { internalThreadId } from "../../server/responses/thread-key.ts";
import { answerOf, planOf, turnResult } from "../server/scripted-orchestrator.ts";
import { post, startTestServer, type TestServer } from "../server/test-server.ts";
import { launchBrowser, noBrowser } from "./browser.ts";
import { complaintsOf } from "./complaints.ts";

const LOW_CONTRAST = readFileSync(new URL("low-contrast.js", import.meta.url), "utf8");
const WEB = fileURLToPath(new URL("../../web", import.meta.url));
const SIDEWAYS = "document.documentElement.scrollWidth - innerWidth";
const FOCUSED = "document.activeElement.innerText";

describe.skipIf(noBrowser !== null)("earlier conversations in Chromium", () => {
  let browser: Browser;
  let context: BrowserContext;
  let server: TestServer;
  let page: Page;
  let complaints: string[];
  let now: number;
  let reply: (input: TurnInput) => Partial<TurnResult>;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    now = Date.now() - 3_600_000;
    reply = ({ question }) => ({ answer: answerOf(`The answer to **${question}**`) });
    server = await startTestServer({
      script: async (input) => {
        now += 1_000;
        return turnResult(reply(input));
      },
      deps: { webRoot: WEB, clock: () => now },
    });
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
    page = await context.newPage();
    complaints = complaintsOf(page);
  });
  afterEach(async () => {
    await context.close();
    await server.close();
    if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join("; ")}`);
  });

  async function asked(question: string, thread_id: string): Promise<void> {
    await post(`${server.url}/responses`, { input: question, custom_inputs: { thread_id } });
  }

  async function ask(question: string, answers: number): Promise<void> {
    await page.getByLabel("Your question").fill(question);
    await page.keyboard.press("Enter");
    await page
      .locator(".reply[aria-busy=false]")
      .nth(answers - 1)
      .waitFor();
  }

  const list = () => page.getByRole("navigation", { name: "Conversations" });
  const titles = () => list().locator(".history-name").allInnerTexts();
  const heading = (name: string) => page.getByRole("heading", { name, exact: true });

  it("stand in a list, last used first; one is opened and gone on with, and a reload keeps it", async () => {
    await asked("What is our MRR?", "first thread");
    await asked("Who will churn?", "second");
    await page.goto(server.url);
    await expect.poll(titles).toEqual(["Who will churn?", "What is our MRR?"]);
    await list().getByRole("link", { name: "What is our MRR?" }).click();
    await heading("What is our MRR?").waitFor();
    expect(await page.locator(".answer").innerText()).toBe("The answer to What is our MRR?");
    expect(new URL(page.url()).searchParams.get("thread")).toBe("first thread");
    await ask("And by region?", 2);
    const { input } = server.orchestrator.turns.at(-1) ?? {};
    expect(input?.thread_id).toBe(internalThreadId("anonymous", "first thread"));
    await expect.poll(titles).toEqual(["What is our MRR?", "Who will churn?"]);
    expect(await list().locator("[aria-current=page] .history-name").innerText()).toBe("What is our MRR?");
    await page.reload();
    await heading("And by region?").waitFor();
    expect(await page.locator(".asked-question").allInnerTexts()).toEqual([
      "What is our MRR?",
      "And by region?",
    ]);
    await list().getByRole("link", { name: "Who will churn?" }).click();
    await heading("Who will churn?").waitFor();
    await page.goBack();
    await heading("And by region?").waitFor();
  });

  it("keep what only this browser knows: questions that the server refused stand in their place", async () => {
    const busy = { error: { code: "rate_limit_exceeded", message: "Too many requests." } };
    await page.route("**/responses", (route) => route.fulfill({ status: 429, json: busy }));
    await page.goto(server.url);
    await ask("Does this work?", 1);
    const thread = new URL(page.url()).searchParams.get("thread") ?? "";
    now = Date.now() + 3_600_000;
    await asked("From elsewhere", thread);
    await page.reload();
    await heading("From elsewhere").waitFor();
    expect(await page.locator(".asked-question").allInnerTexts()).toEqual([
      "Does this work?",
      "From elsewhere",
    ]);
    expect(await page.getByRole("alert").first().isVisible()).toBe(true);
  });

  it("are deleted after a question, with every trace on the server; the focus goes to the next", async () => {
    for (const name of ["one", "two", "three"]) await asked(`About ${name}`, name);
    await page.goto(`${server.url}/?thread=two`);
    await heading("About two").waitFor();
    await page.getByRole("button", { name: "Delete About two" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete this conversation?" });
    await dialog.getByText("About two").waitFor();
    expect(await page.evaluate(FOCUSED)).toBe("Keep");
    await page.keyboard.press("Escape");
    expect(await titles()).toEqual(["About three", "About two", "About one"]);
    await page.getByRole("button", { name: "Delete About two" }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await expect.poll(titles).toEqual(["About three", "About one"]);
    await heading("What would you like to know?").waitFor();
    expect((await fetch(`${server.url}/threads/two/turns`)).status).toBe(404);
    expect(new URL(page.url()).searchParams.get("thread")).not.toBe("two");
    await page.getByRole("button", { name: "Delete About three" }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await expect.poll(titles).toEqual(["About one"]);
    expect(await page.evaluate(FOCUSED)).toContain("About one");
  });

  it("are not deleted while they are answered, and the page says why", async () => {
    await asked("About one", "one");
    await page.goto(server.url);
    await page.getByRole("button", { name: "Delete About one" }).click();
    const thread = internalThreadId("anonymous", "one");
    const hold = { wait: true, signal: new AbortController().signal };
    await server.store.withThread(thread, hold, async () => {
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      const problem = page.getByRole("dialog").getByRole("alert");
      await problem.getByText("This thread is answering another request.").waitFor();
    });
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await list().getByText("Nothing yet. What you ask is listed here.").waitFor();
    expect(await titles()).toEqual([]);
  });

  it("come in pages, and so do the questions of a long one", async () => {
    for (let n = 1; n <= 33; n++) await asked(`Question ${n}`, `thread-${n}`);
    for (let n = 1; n <= 21; n++) await asked(`Turn ${n}`, "thread-33");
    await page.goto(`${server.url}/?thread=thread-33`);
    await expect.poll(async () => (await titles()).length).toBe(30);
    await list().getByRole("button", { name: "Show more" }).click();
    await expect.poll(async () => (await titles()).length).toBe(33);
    expect(new Set(await titles()).size).toBe(33);
    expect(await page.evaluate(FOCUSED)).toContain("Question 3");
    expect(await page.locator(".asked-question").count()).toBe(20);
    await page.getByRole("button", { name: "Show earlier questions" }).click();
    await heading("Question 33").waitFor();
    expect(await page.locator(".asked-question").count()).toBe(22);
    expect(await page.getByRole("button", { name: "Show earlier questions" }).isVisible()).toBe(false);
  });

  it("lie over a narrow page, by keyboard, and give the focus back", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await asked("About one", "one");
    await asked("About two", "two");
    await page.goto(server.url);
    expect(await list().isVisible()).toBe(false);
    const opener = page.getByRole("button", { name: "Conversations", exact: true });
    await opener.focus();
    await page.keyboard.press("Enter");
    await expect.poll(titles).toEqual(["About two", "About one"]);
    expect(await page.evaluate(SIDEWAYS)).toBe(0);
    expect(await page.locator("#ask").evaluate((form) => form.matches("[inert]"))).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.evaluate("document.activeElement.id")).toBe("history-open");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await heading("About two").waitFor();
    expect(await list().isVisible()).toBe(false);
    expect(await page.locator("#ask").evaluate((form) => form.matches("[inert]"))).toBe(false);
  });

  it("stay hidden on wide screens when the reader hid them", async () => {
    await page.goto(server.url);
    await page.getByRole("button", { name: "Hide the conversations" }).click();
    expect(await list().isVisible()).toBe(false);
    await page.reload();
    await heading("What would you like to know?").waitFor();
    expect(await list().isVisible()).toBe(false);
    await page.getByRole("button", { name: "Conversations", exact: true }).click();
    await list().waitFor();
  });

  it("say so when the server cannot be asked for them", async () => {
    await asked("About one", "one");
    await page.route("**/threads/one/turns*", (route) => route.fulfill({ status: 503, body: "{}" }));
    await page.goto(`${server.url}/?thread=one`);
    await page.getByText("The conversation could not be loaded.").waitFor();
    await page.unroute("**/threads/one/turns*");
    expect(await heading("What would you like to know?").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Try again" }).click();
    await heading("About one").waitFor();
  });

  it("are left for another one while an answer is on its way, which is stopped", async () => {
    await asked("About one", "one");
    await page.goto(server.url);
    await page.route("**/responses", () => undefined);
    await page.getByLabel("Your question").fill("Slow one");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Stop answering" }).waitFor();
    await list().getByRole("link", { name: "About one" }).click();
    await heading("About one").waitFor();
    await page.unroute("**/responses");
    await ask("At once", 2);
    expect(server.orchestrator.turns.at(-1)?.input.question).toBe("At once");
    await page.goBack();
    await heading("Slow one").waitFor();
    await page.getByText("Stopped before the answer was complete.").waitFor();
  });

  it("ask for an approval, and go on with the word that is given", async () => {
    reply = ({ approvals }) =>
      approvals === undefined
        ? { status: "interrupted", approvals: [request("a1", "sales_genie"), request("a2", "handbook")] }
        : { answer: answerOf("Done.") };
    await page.goto(server.url);
    await ask("Cancel the contract", 1);
    const card = page.getByRole("region", { name: "Approval needed" });
    expect(await card.locator("blockquote").allInnerTexts()).toEqual(["Do a1 now", "Do a2 now"]);
    await page.reload();
    await card.getByRole("button", { name: "Approve: Sales genie" }).click();
    await card.getByRole("button", { name: "Refuse: Handbook" }).click();
    await heading("Approved: Sales genie, Refused: Handbook").waitFor();
    await page.locator(".answer", { hasText: "Done." }).waitFor();
    expect(server.orchestrator.turns.at(-1)?.input.approvals).toEqual([
      { id: "a1", approve: true },
      { id: "a2", approve: false },
    ]);
    expect(await card.isVisible()).toBe(false);
  });

  it("offer the readings of an ambiguous question as buttons", async () => {
    const clarify = { question: "Which numbers?", options: ["MRR by region", "Open tickets"], missing: "" };
    reply = ({ question }) =>
      question === "Numbers"
        ? {
            answer: answerOf("Which numbers?\n1. MRR by region\n2. Open tickets"),
            plan: { ...planOf([]), kind: "clarify", clarify },
          }
        : { answer: answerOf("42") };
    await page.goto(server.url);
    await ask("Numbers", 1);
    expect(await page.locator(".answer").innerText()).toBe("Which numbers?");
    await page.getByRole("button", { name: "Open tickets" }).click();
    await page.locator(".answer", { hasText: "42" }).waitFor();
    expect(server.orchestrator.turns.at(-1)?.input.question).toBe("Open tickets");
  });

  it.each(["light", "dark"] as const)(
    "are legible in %s colours, the question before deletion too",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await asked("About one", "one");
      await page.goto(`${server.url}/?thread=one`);
      await heading("About one").waitFor();
      await page.getByRole("button", { name: "Delete About one" }).click();
      expect(await page.evaluate<string[]>(LOW_CONTRAST)).toEqual([]);
      expect(await page.evaluate(SIDEWAYS)).toBe(0);
    },
  );
});

function request(id: string, backend: string): ApprovalRequest {
  const payload = { backend, question: `Do ${id} now`, conversation_id: null, context: [] };
  return { id, step: id, backend, reason: `${backend} changes things.`, payload, hash: "0" };
}
