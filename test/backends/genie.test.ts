import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../../backends/clock.ts";
import type { SandboxOptions } from "../../sandbox/server.ts";
import { ada, bob, failure, KINDS, openWorkspace, question, recorded, type Workspace } from "./workspace.ts";
import { SPACE } from "../sandbox/wire-company.ts";

let workspace: Workspace | null = null;

afterEach(async () => {
  await workspace?.stop();
  workspace = null;
});

async function genie(settings: object = {}, sandbox: Partial<SandboxOptions> = {}, deps: object = {}) {
  workspace = await openWorkspace([{ ...KINDS.data, ...settings }], {
    sandbox: { genieStepMs: 5, ...sandbox },
    deps,
  });
  return { workspace, backend: workspace.backend("data") };
}

describe.each(["mcp", "rest"] as const)("over %s", (transport) => {
  it("answers with the SQL, typed rows, a link and suggestions", async () => {
    const { backend, workspace } = await genie({ transport });
    const call = recorded();
    const answer = await backend.ask(question("MRR by region?"), call);
    expect(answer.text).toBe("Answer to: MRR by region?");
    expect(answer.suggested_questions).toEqual(["And by segment?"]);
    expect(answer.conversation_id).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.payload).toEqual({ content: "MRR by region?" });
    expect(answer.evidence).toEqual([
      {
        kind: "table",
        title: "MRR by region",
        url: expect.stringContaining(
          `${workspace.sandbox.url}/genie/rooms/${SPACE}?conversation_id=${answer.conversation_id}`,
        ),
        sql: "SELECT region, mrr FROM t",
        description: "Sums MRR.",
        columns: [
          { name: "region", type: "STRING" },
          { name: "mrr", type: "DECIMAL" },
        ],
        rows: [
          ["EMEA", 120.5],
          [null, 7],
          ["APAC", null],
        ],
        row_count: 3,
        truncated: false,
        statement_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    ]);
  });

  it("tells each status once while it waits", async () => {
    const { backend } = await genie({ transport }, { genieStepMs: 120 });
    const call = recorded();
    await backend.ask(question("MRR?"), call);
    const statuses = call.progress.map(({ status }) => status);
    expect(statuses[0]).toBe("SUBMITTED");
    expect(statuses.at(-1)).toBe("COMPLETED");
    expect(new Set(statuses).size).toBe(statuses.length);
  });

  it("keeps to max_rows and says that there are more", async () => {
    const { backend } = await genie({ transport, max_rows: 2 });
    const { evidence } = await backend.ask(question("MRR?"), recorded());
    expect(evidence[0]).toMatchObject({
      row_count: 3,
      truncated: true,
      rows: [
        ["EMEA", 120.5],
        [null, 7],
      ],
    });
  });

  it("goes on with the conversation that it is given", async () => {
    const { backend, workspace } = await genie({ transport });
    const first = await backend.ask(question("MRR?"), recorded());
    const { conversation_id } = first;
    const second = await backend.ask(question("And by segment?", { conversation_id }), recorded());
    expect(second.conversation_id).toBe(conversation_id);
    const calls = await workspace.calls(`genie_${transport}`);
    expect(calls.some((one) => one.method === "POST" && one.conversation_id === conversation_id)).toBe(true);
  });

  it("begins a new conversation when the old one is gone, and says so", async () => {
    const { backend } = await genie({ transport });
    const answer = await backend.ask(question("MRR?", { conversation_id: "gone" }), recorded());
    expect(answer.conversation_id).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.notes).toEqual([
      "its earlier conversation was no longer there, so the question was asked without it; what it referred to may be missing.",
    ]);
    const { conversation_id } = answer;
    const next = await backend.ask(question("And?", { conversation_id }), recorded());
    expect(next.notes).toBeUndefined();
  });

  it("passes a question that comes back on, with its options", async () => {
    const { backend } = await genie({ transport });
    const answer = await backend.ask(question("ambiguous"), recorded());
    expect(answer.clarification).toEqual({ question: "Which year?", options: ["And by segment?"] });
    expect(answer.evidence).toEqual([]);
  });

  it("fails with a sentence when Genie failed", async () => {
    const { backend } = await genie({ transport });
    const error = await failure(backend.ask(question("broken"), recorded()));
    expect(error.code).toBe("failed");
    expect(error.message).not.toContain("No such column");
  });

  it("runs a result that has expired again", async () => {
    const { backend, workspace } = await genie({ transport });
    const endpoint = `genie_${transport}`;
    await workspace.admin("/faults", { endpoint, fault: { kind: "expired_result" }, times: 1 });
    const call = recorded();
    const answer = await backend.ask(question("MRR?"), call);
    expect(answer.evidence[0]).toMatchObject({
      rows: [
        ["EMEA", 120.5],
        [null, 7],
        ["APAC", null],
      ],
    });
    expect(call.progress.map(({ status }) => status)).toContain("QUERY_RESULT_EXPIRED");
    const reruns = (await workspace.calls("genie_rest")).filter(({ path }) =>
      path.endsWith("/execute-query"),
    );
    expect(reruns).toHaveLength(1);
  });

  it("hands its ids over before it polls, and picks the question up from them", async () => {
    const { backend, workspace } = await genie({ transport });
    const call = recorded({ caller: ada });
    await backend.ask(question("MRR?"), call);
    expect(call.pending).toEqual([
      {
        transport,
        subject: ada.subject,
        conversation_id: expect.any(String),
        message_id: expect.any(String),
      },
    ]);
    await workspace.admin("/calls", undefined, "DELETE");
    const again = await backend.ask(question("MRR?", { resume: call.pending[0] }), recorded({ caller: ada }));
    expect(again.text).toBe("Answer to: MRR?");
    const asked = [...(await workspace.calls("genie_mcp")), ...(await workspace.calls("genie_rest"))].filter(
      ({ rpc, path }) => rpc?.startsWith("tools/call query_space") || path.endsWith("/start-conversation"),
    );
    expect(asked).toEqual([]);
  });

  it("asks anew when the ids are another user's", async () => {
    const { backend } = await genie({ transport });
    const call = recorded({ caller: ada });
    const first = await backend.ask(question("MRR?"), call);
    const second = await backend.ask(
      question("MRR?", { resume: call.pending[0] }),
      recorded({ caller: bob }),
    );
    expect(second.conversation_id).not.toBe(first.conversation_id);
  });

  it("stops waiting when the deadline comes", async () => {
    const { backend } = await genie({ transport, timeout_ms: 300 }, { genieStepMs: 10_000 });
    const error = await failure(backend.ask(question("MRR?"), recorded()));
    expect(error.code).toBe("timeout");
  });

  it("passes the abort of its caller on", async () => {
    const { backend } = await genie({ transport }, { genieStepMs: 10_000 });
    const controller = new AbortController();
    const asked = backend.ask(question("MRR?"), recorded({ signal: controller.signal }));
    const reason = new Error("the client left");
    setTimeout(() => controller.abort(reason), 100);
    await expect(asked).rejects.toBe(reason);
  });
});

describe("with auto", () => {
  it("asks over REST when MCP is not there, and keeps to it", async () => {
    const { backend, workspace } = await genie({ transport: "auto" });
    await workspace.admin("/faults", { endpoint: "genie_mcp", fault: { kind: "status", status: 404 } });
    expect((await backend.ask(question("MRR?"), recorded())).evidence).toHaveLength(1);
    await workspace.admin("/calls", undefined, "DELETE");
    await backend.ask(question("MRR?"), recorded());
    expect(await workspace.calls("genie_mcp")).toEqual([]);
  });

  it("gives REST's error when neither works", async () => {
    const { backend } = await genie({ transport: "auto", target: "no-such-space" });
    expect(await failure(backend.ask(question("MRR?"), recorded()))).toMatchObject({
      code: "not_found",
      message:
        "data was not found: check that `target` is the id of a Genie space that is shared with this identity.",
    });
  });

  it("does not ask twice when the backend is only slow or overloaded", async () => {
    const { backend, workspace } = await genie({ transport: "auto", policy: { retries: 0 } });
    await workspace.admin("/faults", { endpoint: "genie_mcp", fault: { kind: "status", status: 503 } });
    expect((await failure(backend.ask(question("MRR?"), recorded()))).code).toBe("unavailable");
    expect(await workspace.calls("genie_rest")).toEqual([]);
  });
});

describe("sessions", () => {
  it("are opened once per identity and used again", async () => {
    const { backend, workspace } = await genie({ transport: "mcp", identity: "user" });
    for (const caller of [ada, bob, ada]) await backend.ask(question("MRR?"), recorded({ caller }));
    const opened = (await workspace.calls("genie_mcp")).filter(({ rpc }) => rpc === "initialize");
    expect(opened.map(({ subject }) => subject)).toEqual(["ada@example.com", "bob@example.com"]);
  });

  it("that are lost are opened again without the caller noticing", async () => {
    const { backend, workspace } = await genie({ transport: "mcp" });
    await backend.ask(question("MRR?"), recorded());
    await workspace.admin("/mcp/sessions", undefined, "DELETE");
    expect((await backend.ask(question("MRR?"), recorded())).evidence).toHaveLength(1);
    const opened = (await workspace.calls("genie_mcp")).filter(({ rpc }) => rpc === "initialize");
    expect(opened).toHaveLength(2);
  });

  it("whose opening hangs do not hold up the next question", async () => {
    const { backend, workspace } = await genie({ transport: "mcp", timeout_ms: 400 });
    const fault = { kind: "hang" };
    await workspace.admin("/faults", {
      endpoint: "genie_mcp",
      fault,
      times: 1,
      match: { body: "initialize" },
    });
    expect((await failure(backend.ask(question("MRR?"), recorded()))).code).toBe("timeout");
    await expect
      .poll(async () => await backend.ask(question("MRR?"), recorded()).then(({ text }) => text, String))
      .toBe("Answer to: MRR?");
  });

  it("are ended with the backend", async () => {
    const { backend, workspace } = await genie({ transport: "mcp" });
    await backend.ask(question("MRR?"), recorded());
    await backend.close();
    const ended = (await workspace.calls("genie_mcp")).filter(({ method }) => method === "DELETE");
    expect(ended).toHaveLength(1);
  });

  it("that were silent for long are looked at before they are trusted, and opened again when they do not answer", async () => {
    let skipped = 0;
    const clock = { ...systemClock, now: () => Date.now() + skipped };
    const { backend, workspace } = await genie({ transport: "mcp" }, {}, { clock });
    const late = () => recorded({ deadline: Date.now() + skipped + 10_000 });
    const rpcs = async () => {
      const all = (await workspace.calls("genie_mcp")).map(({ rpc }) => rpc);
      await workspace.admin("/calls", undefined, "DELETE");
      return all.filter((rpc) => rpc === "ping" || rpc === "initialize");
    };
    await backend.ask(question("MRR?"), late());
    await backend.ask(question("MRR?"), late());
    expect(await rpcs()).toEqual(["initialize"]);
    skipped += 60_000;
    await backend.ask(question("MRR?"), late());
    expect(await rpcs()).toEqual(["ping"]);
    skipped += 60_000;
    await workspace.admin("/mcp/sessions", undefined, "DELETE");
    expect((await backend.ask(question("MRR?"), late())).attempts).toBeGreaterThan(0);
    expect(await rpcs()).toEqual(["ping", "initialize"]);
  });

  it("answer over server-sent events as well", async () => {
    const { backend, workspace } = await genie({ transport: "mcp" });
    await workspace.admin("/switches", { mcp_reply: "sse" });
    expect((await backend.ask(question("MRR?"), recorded())).text).toBe("Answer to: MRR?");
  });
});

describe("the cache", () => {
  it("serves the same identity again, and nobody else", async () => {
    const { backend, workspace } = await genie({ transport: "rest", identity: "user", cache_ttl_ms: 60_000 });
    await backend.ask(question("MRR?"), recorded({ caller: ada }));
    const again = await backend.ask(question("MRR?"), recorded({ caller: ada }));
    expect([again.cached, again.attempts]).toEqual([true, 0]);
    const other = await backend.ask(question("MRR?"), recorded({ caller: bob }));
    expect(other.cached).toBe(false);
    const asked = (await workspace.calls("genie_rest")).filter(({ path }) =>
      path.endsWith("/start-conversation"),
    );
    expect(asked.map(({ subject }) => subject)).toEqual(["ada@example.com", "bob@example.com"]);
  });

  it("ends after its time", async () => {
    let skipped = 0;
    const clock = { ...systemClock, now: () => Date.now() + skipped };
    const { backend } = await genie({ transport: "rest", cache_ttl_ms: 60_000 }, {}, { clock });
    const ask = () => backend.ask(question("MRR?"), recorded({ deadline: Date.now() + skipped + 10_000 }));
    await ask();
    skipped += 59_000;
    expect((await ask()).cached).toBe(true);
    skipped += 2_000;
    expect((await ask()).cached).toBe(false);
  });

  it("does not keep a question that came back", async () => {
    const { backend } = await genie({ transport: "rest", cache_ttl_ms: 60_000 });
    await backend.ask(question("ambiguous"), recorded());
    expect((await backend.ask(question("ambiguous"), recorded())).cached).toBe(false);
  });
});

describe("the workspace's limit of questions per minute", () => {
  it("refuses at once what could not be sent before the deadline", async () => {
    const { backend, workspace } = await genie({ transport: "rest", questions_per_minute: 1 });
    await backend.ask(question("One?"), recorded());
    const error = await failure(backend.ask(question("Two?"), recorded()));
    expect(error.code).toBe("rate_limited");
    const asked = (await workspace.calls("genie_rest")).filter(({ path }) =>
      path.endsWith("/start-conversation"),
    );
    expect(asked).toHaveLength(1);
  });

  it("makes a question wait for its minute, shows the wait and counts it", async () => {
    let skipped = 0;
    const clock = {
      now: () => Date.now() + skipped,
      async sleep(ms: number) {
        if (ms < 10_000) await new Promise((resolve) => setTimeout(resolve, ms));
        else skipped += ms;
      },
    };
    const { backend } = await genie(
      { transport: "rest", questions_per_minute: 1, timeout_ms: 120_000 },
      {},
      { clock },
    );
    const late = () => recorded({ deadline: Date.now() + 300_000 });
    await backend.ask(question("One?"), late());
    const call = late();
    const answer = await backend.ask(question("Two?"), call);
    expect(answer.queued_ms).toBeGreaterThan(50_000);
    expect(call.progress[0]).toMatchObject({
      status: "queued",
      message: expect.stringMatching(/is sent in \d+ s/),
    });
  });
});

describe("rows that the workspace does not find", () => {
  const missing = (path: string, times?: number) => ({
    endpoint: "genie_rest",
    fault: { kind: "status", status: 404, error_code: "RESOURCE_DOES_NOT_EXIST" },
    match: { path },
    ...(times === undefined ? {} : { times }),
  });

  it("are computed again", async () => {
    const { backend, workspace } = await genie({ transport: "rest" });
    await workspace.admin("/faults", missing("/query-result", 1));
    const answer = await backend.ask(question("MRR?"), recorded());
    expect(answer.evidence).toMatchObject([{ row_count: 3 }]);
    expect(answer.notes).toBeUndefined();
  });

  it("leave an answer in words, with a note, that is not served again", async () => {
    const { backend, workspace } = await genie({ transport: "rest", cache_ttl_ms: 60_000 });
    await workspace.admin("/faults", missing("/attachments/"));
    const answer = await backend.ask(question("MRR?"), recorded());
    expect([answer.text, answer.evidence]).toEqual(["Answer to: MRR?", []]);
    expect(answer.notes).toEqual(["the rows of its query could not be found, so there are only its words."]);
    await workspace.admin("/faults", undefined, "DELETE");
    expect((await backend.ask(question("MRR?"), recorded())).evidence).toMatchObject([{ row_count: 3 }]);
  });
});

it("is ready when the space can be seen, and says what to do when not", async () => {
  const { backend, workspace } = await genie();
  const never = new AbortController().signal;
  expect(await backend.check(ada, never)).toEqual({
    ready: true,
    state: "ok",
    message: "",
    breaker: "closed",
  });
  const unscoped = { subject: "user:ada@example.com", access_token: "user-ada:sql" };
  await workspace.stop();
  const { backend: own } = await genie({ identity: "user" });
  expect(await own.check(unscoped, never)).toMatchObject({ ready: false, state: "unauthorized" });
});
