import { afterEach, describe, expect, it } from "vitest";
import { failure, KINDS, openWorkspace, question, recorded, type Workspace } from "./workspace.ts";
import { json, serve } from "./server.ts";

let workspace: Workspace | null = null;

afterEach(async () => {
  await workspace?.stop();
  workspace = null;
});

async function opened(...backends: object[]): Promise<Workspace> {
  workspace = await openWorkspace(backends);
  return workspace;
}

const REFUNDS = { kind: "document", title: "refunds.md", text: "Refunds take 5 days." };

describe("a knowledge assistant", () => {
  it.each([
    ["annotations", "deltas"],
    ["annotations", "done_only"],
    ["footnotes", "deltas"],
    ["footnotes", "done_only"],
    ["predictions", "deltas"],
  ])("that cites by %s with %s gives the document and a plain text", async (ka_form, ka_stream) => {
    const workspace = await opened(KINDS.docs);
    await workspace.admin("/switches", { ka_form, ka_stream });
    const answer = await workspace.backend("docs").ask(question("Refunds?"), recorded());
    expect(answer.text).toBe("Refunds take 5 days. Exports are kept.");
    expect(answer.evidence).toEqual([{ ...REFUNDS, url: `${workspace.sandbox.url}/documents/refunds.md` }]);
  });

  it("is not ready when its endpoint does not exist", async () => {
    const workspace = await opened({ ...KINDS.docs, target: "gone" });
    const readiness = await workspace.backend("docs").check({ subject: "a" }, new AbortController().signal);
    expect(readiness).toEqual({
      ready: false,
      state: "down",
      message: "docs was not found: check that `target` is the name of the assistant's serving endpoint.",
      breaker: "closed",
    });
  });
});

describe("a serving endpoint", () => {
  it("of agents is asked in Responses form", async () => {
    const workspace = await opened(KINDS.churn);
    const answer = await workspace.backend("churn").ask(question("Acme?"), recorded());
    expect(answer.text).toBe("Scores for: Acme?");
    expect((await workspace.calls("churn"))[0].path).toBe("/serving-endpoints/responses");
  });

  it("of a ChatAgent is asked with messages", async () => {
    const workspace = await opened(KINDS.chat_agent);
    const answer = await workspace.backend("chat_agent").ask(question("Refunds?"), recorded());
    expect(answer.text).toBe("Refunds take 5 days. Exports are kept.");
    expect((await workspace.calls("chat_agent"))[0].body.messages).toEqual([
      { role: "user", content: "Refunds?" },
    ]);
  });

  it.each([
    ["plain", { text: "Four." }],
    [
      "block",
      {
        blocks: [
          { type: "reasoning", summary: [{ type: "summary_text", text: "hm" }] },
          { type: "text", text: "Four." },
        ],
      },
    ],
  ])("of a chat model gives %s content and never gets a context", async (_form, reply) => {
    const workspace = await opened(KINDS.chat);
    await workspace.admin("/model/queue", reply);
    const answer = await workspace.backend("chat").ask(question("Two and two?"), recorded());
    expect(answer.text).toBe("Four.");
    expect((await workspace.calls("model"))[0].body).not.toHaveProperty("context");
  });

  it("of a custom model is asked with records and gives a table", async () => {
    const workspace = await opened({ ...KINDS.forecast, input_column: "horizon" });
    const answer = await workspace.backend("forecast").ask(question("3"), recorded());
    expect((await workspace.calls("forecast"))[0].body).toEqual({ dataframe_records: [{ horizon: "3" }] });
    expect(answer.evidence).toMatchObject([
      { kind: "table", columns: [{ name: "month" }, { name: "months_ahead" }, { name: "forecast_mrr" }] },
    ]);
  });

  it("of a custom model over plain texts is asked with inputs, and so from then on", async () => {
    const server = await serve((res, { path, body }) => {
      if (path.startsWith("/api/")) json(res, { name: "m", state: { ready: "READY" } });
      else if (body.includes("dataframe_records"))
        json(res, { error_code: "BAD_REQUEST", message: "no" }, 400);
      else json(res, { predictions: ["positive"] });
    });
    workspace = await openWorkspace([{ ...KINDS.forecast, target: "m" }], {
      config: { workspace: { host: server.url, token: "t" } },
    });
    const first = await workspace.backend("forecast").ask(question("Nice!"), recorded());
    expect([first.text, first.attempts]).toEqual(["positive", 2]);
    expect((await workspace.backend("forecast").ask(question("Nice!"), recorded())).attempts).toBe(1);
    await server.close();
  });

  it("for embeddings is refused with the reason", async () => {
    const server = await serve((res) => json(res, { name: "e", task: "llm/v1/embeddings" }));
    workspace = await openWorkspace([{ ...KINDS.chat, target: "e" }], {
      config: { workspace: { host: server.url, token: "t" } },
    });
    const error = await failure(workspace.backend("chat").ask(question("Hm?"), recorded()));
    expect(error.message).toBe(
      "chat refused the request: an endpoint for llm/v1/embeddings does not answer questions, choose another target.",
    );
    await server.close();
  });

  it("is looked up once, and not at all when its task is configured", async () => {
    const workspace = await opened(KINDS.churn, {
      ...KINDS.churn,
      name: "fixed",
      task: "agent/v1/responses",
    });
    for (const name of ["churn", "churn", "fixed"])
      await workspace.backend(name).ask(question("Acme?"), recorded());
    expect(await workspace.calls("serving_info")).toHaveLength(1);
  });
});
