import { afterEach, describe, expect, it } from "vitest";
import { ada, bob, failure, KINDS, openWorkspace, question, recorded, type Workspace } from "./workspace.ts";

let workspace: Workspace | null = null;

afterEach(async () => {
  await workspace?.stop();
  workspace = null;
});

async function docs(settings: object = {}): Promise<Workspace> {
  workspace = await openWorkspace([{ ...KINDS.docs, ...settings }]);
  return workspace;
}

const slow = { endpoint: "ka", fault: { kind: "latency", ms: 150 } };

describe("the places of a backend", () => {
  it("are waited for in turn, and the wait is told and counted", async () => {
    const workspace = await docs({ policy: { concurrency: 1 } });
    await workspace.admin("/faults", slow);
    const calls = [recorded(), recorded()];
    const answers = await Promise.all(
      calls.map((call) => workspace.backend("docs").ask(question("Hm?"), call)),
    );
    expect(answers[0]?.queued_ms).toBeLessThan(answers[1]?.queued_ms ?? 0);
    expect(calls[1]?.progress[0]).toEqual({
      status: "queued",
      message: "docs is busy; the question waits its turn.",
    });
    expect(workspace.snapshot()).toMatchObject([
      { name: "docs", active: 0, waiting: 0, asked: 2, answered: 2, calls: 2 },
    ]);
  });

  it("go to a caller with one question before another's next", async () => {
    const workspace = await docs({ policy: { concurrency: 1 } });
    await workspace.admin("/faults", slow);
    const order: string[] = [];
    const ask = async (caller: typeof ada, name: string) => {
      await workspace.backend("docs").ask(question("Hm?"), recorded({ caller }));
      order.push(name);
    };
    await Promise.all([ask(ada, "ada 1"), ask(ada, "ada 2"), ask(ada, "ada 3"), ask(bob, "bob")]);
    expect(order.indexOf("bob")).toBeLessThan(order.indexOf("ada 3"));
  });

  it("are refused when too many wait already", async () => {
    const workspace = await docs({ policy: { concurrency: 1, queue: 0 } });
    await workspace.admin("/faults", slow);
    const first = workspace.backend("docs").ask(question("Hm?"), recorded());
    const error = await failure(workspace.backend("docs").ask(question("Hm?"), recorded()));
    expect(error).toMatchObject({ code: "busy", detail: { attempts: 0 } });
    await first;
  });
});

it("does not ask when its deadline has passed already", async () => {
  const workspace = await docs();
  const error = await failure(
    workspace.backend("docs").ask(question("Hm?"), recorded({ deadline: Date.now() - 1 })),
  );
  expect(error.code).toBe("timeout");
  expect(await workspace.calls("ka")).toEqual([]);
});

it("tells of each repeat", async () => {
  const workspace = await docs();
  await workspace.admin("/faults", { endpoint: "ka", fault: { kind: "status", status: 503 }, times: 1 });
  const call = recorded();
  const answer = await workspace.backend("docs").ask(question("Hm?"), call);
  expect(answer.attempts).toBe(2);
  expect(call.progress).toEqual([{ status: "retrying", message: "docs: unavailable, next try in 0.0 s." }]);
});

it("shows an open breaker in its readiness and in the snapshot, and asks again after its time", async () => {
  const workspace = await docs({ policy: { retries: 0, breaker_failures: 1, breaker_reset_ms: 100 } });
  await workspace.admin("/faults", { endpoint: "ka", fault: { kind: "status", status: 503 }, times: 1 });
  const backend = workspace.backend("docs");
  const never = new AbortController().signal;
  await failure(backend.ask(question("Hm?"), recorded()));
  expect(await backend.check({ subject: "a" }, never)).toMatchObject({
    ready: false,
    state: "down",
    breaker: "open",
  });
  expect(workspace.snapshot()).toMatchObject([{ breaker: "open", failed: 1, failures: { unavailable: 1 } }]);
  await expect
    .poll(() => backend.check({ subject: "a" }, never))
    .toMatchObject({ ready: true, state: "degraded", breaker: "half_open" });
  await backend.ask(question("Hm?"), recorded());
  expect(await backend.check({ subject: "a" }, never)).toMatchObject({
    ready: true,
    state: "ok",
    breaker: "closed",
  });
});

it("keeps its breaker closed when no token can be had to ask with", async () => {
  const policy = { retries: 0, breaker_failures: 1, breaker_reset_ms: 60_000 };
  const workspace = await docs({ policy });
  await workspace.admin("/faults", { endpoint: "token", fault: { kind: "status", status: 400 } });
  const error = await failure(workspace.backend("docs").ask(question("Hm?"), recorded()));
  expect([error.code, error.detail.backend]).toEqual(["rejected", "workspace"]);
  await workspace.admin("/faults", undefined, "DELETE");
  await workspace.admin("/faults", { endpoint: "token", fault: { kind: "status", status: 503 } });
  expect((await failure(workspace.backend("docs").ask(question("Hm?"), recorded()))).code).toBe(
    "unavailable",
  );
  await workspace.admin("/faults", undefined, "DELETE");
  await workspace.admin("/faults", { endpoint: "token", fault: { kind: "hang" }, times: 1 });
  const call = recorded({ deadline: Date.now() + 200 });
  expect((await failure(workspace.backend("docs").ask(question("Hm?"), call))).code).toBe("timeout");
  expect(workspace.snapshot()).toMatchObject([{ breaker: "closed", failed: 3 }]);
  expect(await workspace.calls("ka")).toEqual([]);
});

it("does not send a context that the backend does not want", async () => {
  const workspace = await docs({ accepts_context: false });
  const context = [{ step: "s1", backend: "x", question: "q", text: "t", evidence: [] }];
  await workspace.backend("docs").ask(question("Hm?", { context }), recorded());
  expect((await workspace.calls("ka"))[0].body.input).toEqual([{ role: "user", content: "Hm?" }]);
});

it("leaves backends out that are switched off", async () => {
  workspace = await openWorkspace([KINDS.docs, { ...KINDS.churn, enabled: false }]);
  expect([...workspace.backends.keys()]).toEqual(["docs"]);
});
