import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { ada, failure, KINDS, openWorkspace, question, recorded, type Workspace } from "./workspace.ts";

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let workspace: Workspace | null = null;

beforeAll(() => provider.register());

afterEach(async () => {
  await workspace?.stop();
  workspace = null;
  exporter.reset();
});

afterAll(async () => {
  await provider.shutdown();
  trace.disable();
});

async function opened(backends: object[], config: Record<string, unknown> = {}): Promise<Workspace> {
  workspace = await openWorkspace(backends, { config });
  return workspace;
}

function span(name: string): ReadableSpan {
  const found = exporter.getFinishedSpans().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no span ${name} among ${names().join(", ")}`);
  return found;
}

const names = () => exporter.getFinishedSpans().map(({ name }) => name);

it("a question is a tool span with its attempts and its evidence below", async () => {
  const workspace = await opened([KINDS.docs]);
  await workspace.backend("docs").ask(question("Refunds?"), recorded());
  const tool = span("execute_tool docs");
  expect(tool.attributes).toMatchObject({
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "docs",
    "mlflow.spanType": '"TOOL"',
    "backend.identity": "app",
    "backend.attempts": 1,
    "backend.evidence": 1,
  });
  const attempt = span("POST docs responses");
  expect(attempt.parentSpanContext?.spanId).toBe(tool.spanContext().spanId);
  expect(attempt.attributes).toMatchObject({ attempt: 1, "http.response.status_code": 200 });
  const retrieval = span("retrieval knowledge_assistant:ka-policies-endpoint");
  expect(retrieval.parentSpanContext?.spanId).toBe(tool.spanContext().spanId);
  expect(retrieval.attributes).toMatchObject({ "mlflow.spanType": '"RETRIEVER"', "evidence.ids": ["e1"] });
});

it("each repeat is a span of its own, with the error of those that failed", async () => {
  const workspace = await opened([KINDS.docs]);
  await workspace.admin("/faults", { endpoint: "ka", fault: { kind: "status", status: 503 }, times: 2 });
  await workspace.backend("docs").ask(question("Refunds?"), recorded());
  const attempts = exporter.getFinishedSpans().filter(({ name }) => name === "POST docs responses");
  expect(
    attempts.map(({ attributes }) => [
      attributes["attempt"],
      attributes["http.response.status_code"],
      attributes["error.type"],
    ]),
  ).toEqual([
    [1, 503, "unavailable"],
    [2, 503, "unavailable"],
    [3, 200, undefined],
  ]);
});

it("a question that failed carries its code", async () => {
  const workspace = await opened([{ ...KINDS.docs, policy: { retries: 0 } }]);
  await workspace.admin("/faults", { endpoint: "ka", fault: { kind: "status", status: 500 } });
  await failure(workspace.backend("docs").ask(question("Refunds?"), recorded()));
  expect(span("execute_tool docs").attributes["error.type"]).toBe("server_error");
});

it("the trace goes out with every call, over MCP in its messages too", async () => {
  const workspace = await opened([KINDS.docs, KINDS.vector]);
  const root = trace.getTracer("test").startActiveSpan("root", (span) => span);
  for (const name of ["docs", "vector"]) await workspace.backend(name).ask(question("Refunds?"), recorded());
  root.end();
  const attempts = exporter.getFinishedSpans().filter(({ name }) => /^(POST|GET) /.test(name));
  const sent = new Set(
    attempts.map((one) => `00-${one.spanContext().traceId}-${one.spanContext().spanId}-01`),
  );
  const { calls } = (await workspace.admin("/calls")) as { calls: ReturnType<typeof JSON.parse>[] };
  expect(calls.filter(({ traceparent }) => !sent.has(traceparent))).toEqual([]);
  const tool = span("execute_tool vector").spanContext();
  const call = calls.find(({ rpc }) => rpc?.startsWith("tools/call"));
  expect(call?.body.params._meta.traceparent).toBe(`00-${tool.traceId}-${tool.spanId}-01`);
});

it("the callee's own trace is linked, where it did not join ours and tells an id that is one", async () => {
  const own = "4bf92f3577b34da6a3ce929d0e0e4736";
  const linksFor = async (trace_id: string, parent = ROOT_CONTEXT) => {
    exporter.reset();
    const app = await appTelling(trace_id);
    workspace = await openWorkspace([KINDS.retention]);
    await workspace.admin("/apps/retention-agent", { url: app.url });
    await context.with(parent, () => workspace?.backend("retention").ask(question("A plan?"), recorded()));
    await workspace.stop();
    app.close();
    return span("execute_tool retention").links;
  };
  const [link] = await linksFor(`tr-${own}`);
  expect(link?.context).toMatchObject({ traceId: own, spanId: "0000000000000000" });
  expect(link?.attributes).toEqual({ "link.relation": "callee", "backend.trace_id": `tr-${own}` });
  expect((await linksFor(`trace:/main.traces.t/${own}`))[0]?.context.traceId).toBe(own);
  expect(await linksFor("tr-of-another-kind")).toEqual([]);
  expect(await linksFor(`tr-${"0".repeat(32)}`)).toEqual([]);
  const joined = { traceId: own, spanId: "00f067aa0ba902b7", traceFlags: 1 };
  expect(await linksFor(`tr-${own}`, trace.setSpanContext(ROOT_CONTEXT, joined))).toEqual([]);
});

/** An app that answers everything, and says in which trace of its own. */
async function appTelling(trace_id: string) {
  const output = [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Call." }] }];
  const answer = { id: "r", object: "response", status: "completed", output, metadata: { trace_id } };
  const server = createServer((req, res) => {
    req.resume();
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

it("a model call tells its tokens", async () => {
  const workspace = await opened([KINDS.docs], { models: { router: { endpoint: "sandbox-model" } } });
  await workspace.admin("/model/queue", {
    text: "hi",
    usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
  });
  const messages = [{ role: "user" as const, content: "hello" }];
  await workspace.models.router?.complete(
    { messages },
    { signal: new AbortController().signal, deadline: Date.now() + 5_000 },
  );
  expect(span("chat sandbox-model").attributes).toMatchObject({
    "mlflow.spanType": '"CHAT_MODEL"',
    "gen_ai.request.model": "sandbox-model",
    "gen_ai.usage.input_tokens": 7,
    "gen_ai.usage.output_tokens": 2,
    "mlflow.chat.tokenUsage": '{"input_tokens":7,"output_tokens":2,"total_tokens":9}',
  });
});

it("nothing that was asked, answered or used as a credential is on any span", async () => {
  const workspace = await opened(Object.values(KINDS).map((backend) => ({ ...backend, identity: "user" })));
  const asked = [...workspace.backends.values()].map((backend) =>
    backend.ask(question("a-private-question"), recorded({ caller: ada })).catch(() => undefined),
  );
  await Promise.all(asked);
  const all = JSON.stringify(
    exporter
      .getFinishedSpans()
      .map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
  );
  expect(all.length).toBeGreaterThan(1_000);
  for (const word of ["a-private-question", "user-ada", "Refunds take", "EMEA", "sbx-", "sandbox-secret"]) {
    expect(all).not.toContain(word);
  }
});
