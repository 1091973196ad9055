import { describe, expect, it } from "vitest";
import type { Json } from "../../../backends/backend.ts";
import { agentDraft } from "../../../backends/responses/agent-draft.ts";
import { createCollector } from "../../../backends/responses/collector.ts";
import type { JsonObject } from "../../../backends/json-fields.ts";

const HOST = "https://adb-1.example.com";

function read(frames: JsonObject[]) {
  const shown: string[] = [];
  const collector = createCollector("agent", (delta) => void shown.push(delta));
  for (const frame of frames) collector.frame(frame);
  const collected = collector.result();
  return {
    shown: shown.join(""),
    complete: collector.complete(),
    collected,
    draft: agentDraft(collected, null, HOST),
  };
}

function whole(body: JsonObject) {
  const shown: string[] = [];
  const collector = createCollector("agent", (delta) => void shown.push(delta));
  collector.body(body);
  return { shown: shown.join(""), draft: agentDraft(collector.result(), null, HOST) };
}

const message = (id: string, text: string, annotations: Json[] = []): JsonObject => ({
  type: "message",
  id,
  role: "assistant",
  content: [{ type: "output_text", text, annotations }],
});
const added = (id: string): JsonObject => ({
  type: "response.output_item.added",
  item: { type: "message", id },
});
const delta = (item_id: string, text: string): JsonObject => ({
  type: "response.output_text.delta",
  item_id,
  delta: text,
});
const done = (item: JsonObject): JsonObject => ({ type: "response.output_item.done", item });
const created: JsonObject = { type: "response.created", response: { id: "resp_1" } };
const completed = (output: Json[], usage?: Json): JsonObject => ({
  type: "response.completed",
  response: { id: "resp_1", model: "m", output, ...(usage !== undefined && { usage }) },
});

describe("a stream", () => {
  it("with several response cycles is read to its end", () => {
    const { draft, shown } = read([
      created,
      delta("m1", "Let me look."),
      done(message("m1", "Let me look.")),
      completed([message("m1", "Let me look.")], { input_tokens: 5, output_tokens: 2 }),
      { type: "function_call_output", call_id: "c", output: "42" },
      created,
      delta("m1", "It is "),
      delta("m1", "42."),
      done(message("m1", "It is 42.")),
      completed([message("m1", "It is 42.")], { input_tokens: 9, output_tokens: 3 }),
    ]);
    expect(draft.text).toBe("Let me look.\n\nIt is 42.");
    expect(shown).toBe("Let me look.\n\nIt is 42.");
    expect(draft.usage).toEqual({
      input_tokens: 14,
      cached_tokens: 0,
      output_tokens: 5,
      reasoning_tokens: 0,
    });
  });

  it("with text only in done items shows it then", () => {
    const { draft, shown } = read([done(message("a", "First.")), done(message("b", "Second."))]);
    expect(draft.text).toBe("First.\n\nSecond.");
    expect(shown).toBe("First.\n\nSecond.");
  });

  it("with deltas and done items counts the text once, with the footnotes that only the done item has", () => {
    const { draft, shown } = read([
      delta("x", "Refunds take 5 days."),
      done(message("x", "Refunds take 5 days.[^1]\n\n[^1]: [policy.pdf](/Volumes/c/s/v/policy.pdf)")),
    ]);
    expect(shown).toBe("Refunds take 5 days.");
    expect(draft.text).toBe("Refunds take 5 days.");
    expect(draft.evidence).toEqual([
      {
        kind: "document",
        title: "policy.pdf",
        url: `${HOST}/Volumes/c/s/v/policy.pdf`,
        text: "Refunds take 5 days.",
      },
    ]);
  });

  it("whose ids do not agree is put together by order", () => {
    const { draft } = read([
      added("msg_a"),
      delta("__fake_id__", "Hello "),
      delta("msg_z", "there."),
      done(message("resp_placeholder_1", "Hello there.")),
    ]);
    expect(draft.text).toBe("Hello there.");
  });

  it("keeps two messages apart that grow at the same time", () => {
    const { draft } = read([
      added("a"),
      added("b"),
      delta("a", "One"),
      delta("b", "Two"),
      delta("a", "."),
      delta("b", "."),
      done(message("b", "Two.")),
      done(message("a", "One.")),
    ]);
    expect(draft.text).toBe("One.\n\nTwo.");
  });

  it("without done items or an end is incomplete", () => {
    expect(read([delta("a", "Half an ans")]).complete).toBe(false);
    expect(read([delta("a", "Whole."), done(message("a", "Whole."))]).complete).toBe(true);
  });

  it("whose only text is in response.completed shows it", () => {
    expect(read([created, completed([message("a", "Late.")])]).draft.text).toBe("Late.");
  });

  it("with an untyped frame gives the trace id of an app", () => {
    expect(read([done(message("a", "Hi.")), { trace_id: "tr-9" }]).draft.trace_id).toBe("tr-9");
  });

  it("gives the trace id of a serving endpoint from the done frame", () => {
    const databricks_output = { trace: { info: { trace_id: "tr-1" } }, databricks_request_id: "r-1" };
    const { draft } = read([{ ...done(message("a", "Hi.")), databricks_output }]);
    expect([draft.trace_id, draft.request_id]).toEqual(["tr-1", "r-1"]);
  });

  it("collects annotations that come on their own", () => {
    const annotation = {
      type: "url_citation",
      url: "https://docs.example.com/a",
      title: "A",
      start_index: 0,
      end_index: 3,
    };
    const { draft } = read([
      added("m"),
      delta("m", "Yes. No."),
      { type: "response.output_text.annotation.added", item_id: "m", annotation },
      { type: "response.output_text.done", item_id: "m", text: "Yes. No." },
      completed([]),
    ]);
    expect(draft.evidence).toEqual([
      { kind: "document", title: "A", url: "https://docs.example.com/a", text: "Yes" },
    ]);
  });

  it("ignores reasoning, calls and their outputs", () => {
    const { draft, shown } = read([
      { type: "response.reasoning_summary_text.delta", delta: "thinking" },
      done({ type: "reasoning", summary: [{ type: "summary_text", text: "thinking" }] }),
      done({ type: "function_call", name: "f", arguments: "{}" }),
      done({ type: "function_call_output", output: "secret rows" }),
      done(message("m", "Answer.")),
    ]);
    expect([draft.text, shown]).toEqual(["Answer.", "Answer."]);
  });

  it("of chat chunks with block content keeps the text and drops the reasoning", () => {
    const { draft } = read([
      { choices: [{ delta: { content: [{ type: "reasoning", summary: [{ text: "hm" }] }] } }] },
      { choices: [{ delta: { content: [{ type: "text", text: "Four" }] } }] },
      {
        choices: [{ delta: { content: "." }, finish_reason: "stop" }],
        usage: { prompt_tokens: 3, completion_tokens: 1 },
      },
    ]);
    expect(draft.text).toBe("Four.");
    expect(draft.usage?.input_tokens).toBe(3);
  });

  it("of a ChatAgent leaves out what its tools said", () => {
    const { draft } = read([
      { id: "1", delta: { role: "tool", content: "rows", id: "t" } },
      { id: "1", delta: { role: "assistant", content: "Done", id: "a" } },
      { id: "1", delta: { role: "assistant", content: ".", id: "a" } },
    ]);
    expect(draft.text).toBe("Done.");
  });
});

describe("an error in a stream", () => {
  it.each<[string, JsonObject, string]>([
    ["MLflow's untyped text", { error: "boom with s3cr3t" }, "failed"],
    ["the typed event", { type: "error", code: "oops", message: "boom with s3cr3t", param: null }, "failed"],
    [
      "the wrapped event",
      { type: "error", error: { message: "s3cr3t", type: "server_error", code: "task_timeout" } },
      "timeout",
    ],
    [
      "response.failed",
      { type: "response.failed", response: { error: { code: "x", message: "s3cr3t" } } },
      "failed",
    ],
    ["the platform's body", { error_code: "REQUEST_LIMIT_EXCEEDED", message: "s3cr3t" }, "rate_limited"],
  ])("is recognised as %s", (_name, frame, code) => {
    let caught: unknown;
    try {
      read([frame]);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code });
    expect((caught as Error).message).not.toContain("s3cr3t");
  });
});

describe("a whole body", () => {
  it("of an agent that leaves out all it can is read", () => {
    expect(whole({ output: [message("m", "Fine.")], status: null }).draft.text).toBe("Fine.");
  });

  it("gives the messages of all items and the custom tables as evidence", () => {
    const { draft } = whole({
      output: [{ type: "function_call", name: "f" }, message("a", "One."), message("b", "Two.")],
      custom_outputs: {
        tables: [
          {
            title: "Scores",
            columns: ["customer", { name: "score", type: "double" }],
            rows: [["Acme", 0.5]],
          },
          { title: "Objects", columns: ["a"], rows: [{ a: { deep: 1 } }, { b: 2 }], row_count: 9 },
          { title: "No columns", rows: [[1]] },
        ],
      },
    });
    expect(draft.text).toBe("One.\n\nTwo.");
    expect(draft.evidence).toEqual([
      {
        kind: "table",
        title: "Scores",
        columns: [
          { name: "customer", type: "" },
          { name: "score", type: "double" },
        ],
        rows: [["Acme", 0.5]],
        row_count: 1,
        truncated: false,
      },
      {
        kind: "table",
        title: "Objects",
        columns: [{ name: "a", type: "" }],
        rows: [['{"deep":1}'], [null]],
        row_count: 9,
        truncated: true,
      },
    ]);
  });

  it("in the old form of predictions brings its citations", () => {
    const citations = [
      { source: "dbfs:/x.pdf", title: "X", url: "https://e.example/x.pdf", snippet: "Five days." },
    ];
    const { draft } = whole({ predictions: [{ choices: [{ message: { content: "Five.", citations } }] }] });
    expect(draft.text).toBe("Five.");
    expect(draft.evidence).toEqual([
      { kind: "document", title: "X", url: "https://e.example/x.pdf", text: "Five days." },
    ]);
  });

  it("whose status is failed is an error", () => {
    expect(() => whole({ status: "failed", error: { message: "no" }, output: [] })).toThrow(
      "could not answer",
    );
  });
});

describe("links", () => {
  const cite = (url: string) =>
    whole({ output: [message("m", "T", [{ type: "url_citation", url, title: "t" }])] }).draft.evidence[0];

  it.each([
    ["https://a.example/x", "https://a.example/x"],
    ["/documents/a b.md", `${HOST}/documents/a%20b.md`],
    ["//evil.example/x", "https://evil.example/x"],
  ])("%s become %s", (url, expected) => {
    expect(cite(url)).toMatchObject({ url: expected });
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "dbfs:/Volumes/x",
    "https://u:p@e.example/",
  ])("%s are left out", (url) => {
    expect(cite(url)).not.toHaveProperty("url", url);
    expect(cite(url)?.url).toBeUndefined();
  });
});

it("names each cited source once", () => {
  const annotation = { type: "url_citation", url: "https://a.example/x", title: "X" };
  const { draft } = whole({
    output: [message("m", "T", [annotation, annotation, { ...annotation, snippet: "Words." }])],
  });
  expect(draft.evidence).toEqual([
    { kind: "document", title: "X", url: "https://a.example/x", text: "Words." },
  ]);
});
