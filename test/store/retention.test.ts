import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import type { Store } from "../../store/store.ts";
import { KINDS, never, useDatabase } from "./databases.ts";
import { aResponse, aRun, aTurn } from "./records.ts";
import { tablesWithRows } from "./tables.ts";

const State = Annotation.Root({ question: Annotation<string>, log: Annotation<string | undefined> });
const thread = { configurable: { thread_id: "thread-1" } };
const DAY = 24 * 60 * 60 * 1_000;

describe.each(KINDS)("%s: retention", (kind) => {
  const database = useDatabase(kind, {
    // So long that the job does not come by itself: to it, records of 1970 are old.
    retention: { checkpoint_turns: 2, thread_days: 30, every_ms: DAY },
  });

  it("keeps the checkpoints of the last turns and those that a stored response continues from", async () => {
    const store = await database.open();
    const graph = graphOn(store);
    for (const question of ["1", "2", "3", "4"]) {
      await graph.invoke({ question }, thread);
      const id = (await graph.getState(thread)).config.configurable?.["checkpoint_id"] as string;
      await store.responses.save(
        aResponse({ id: `resp_${question}`, checkpoint_id: question === "1" ? id : null }),
      );
    }
    const before = await checkpoints(store);
    const removed = await store.retention.prune("thread-1");
    const after = await checkpoints(store);
    expect(removed).toBe(before.length - after.length);
    // Each turn has three checkpoints: the input, the state before the node, the state after it.
    expect(before).toHaveLength(12);
    expect(after).toHaveLength(7);
    expect((await graph.invoke({ question: "5" }, thread)).log).toBe("1|2|3|4|5|");
    const kept = (await store.responses.get("user:ada", "resp_1"))?.checkpoint_id;
    const fork = { configurable: { ...thread.configurable, checkpoint_id: kept } };
    expect((await graph.invoke({ question: "other" }, fork)).log).toBe("1|other|");
  });

  it("keeps every value that a remaining checkpoint uses, and no other", async () => {
    const store = await database.open();
    const graph = graphOn(store);
    const kept: string[] = [];
    for (const question of ["1", "2", "3", "4", "5"]) {
      await store.turns.append(aTurn({ response_id: question, created_at: Date.now() }));
      await graph.invoke({ question }, thread);
      const id = (await graph.getState(thread)).config.configurable?.["checkpoint_id"] as string;
      if (question !== "2") await store.responses.save(aResponse({ id: question, checkpoint_id: id }));
      if (question === "1" || question === "3") kept.push(id);
    }
    await store.responses.delete("user:ada", "3");
    expect(await store.retention.run(never)).toMatchObject({ pruned_threads: 1 });
    const [first, third] = kept.map((checkpoint_id) => ({
      configurable: { ...thread.configurable, checkpoint_id },
    }));
    expect((await graph.getState(first!)).values).toMatchObject({ question: "1", log: "1|" });
    expect(await store.checkpointer.getTuple(third!)).toBeUndefined();
    expect((await graph.getState(thread)).values).toMatchObject({ question: "5", log: "1|2|3|4|5|" });
    expect(await store.retention.run(never)).toMatchObject({ pruned_threads: 0 });
  });

  it("leaves the checkpoints of a thread alone while somebody may fork from one of them", async () => {
    const [here, elsewhere] = [await database.open(), await database.open()];
    const graph = graphOn(here);
    for (const question of ["1", "2", "3", "4"]) {
      await here.turns.append(aTurn({ response_id: question, created_at: Date.now() }));
      await graph.invoke({ question }, thread);
    }
    const endOfFirst = (await checkpoints(here))[9];
    const from = { configurable: { ...thread.configurable, checkpoint_id: endOfFirst } };
    await here.withThread("thread-1", { wait: false, signal: never }, async () => {
      expect(await elsewhere.retention.run(never)).toMatchObject({ pruned_threads: 0 });
      await graph.updateState(from, { log: "forked|" }, "write");
    });
    expect((await graph.getState(thread)).values).toEqual({ question: "1", log: "forked|" });
    expect(await elsewhere.retention.run(never)).toMatchObject({ pruned_threads: 1 });
    expect((await graph.getState(thread)).values).toEqual({ question: "1", log: "forked|" });
  });

  it("keeps the database of a growing thread small", async () => {
    const store = await database.open();
    const graph = graphOn(store);
    for (let n = 0; n < 12; n += 1) {
      await graph.invoke({ question: String(n) }, thread);
      await store.retention.prune("thread-1");
    }
    expect(await checkpoints(store)).toHaveLength(6);
  });

  it("does the job once per interval over all processes", async () => {
    let now = Date.now();
    const clock = () => now;
    const [here, elsewhere] = [await database.open({ clock }), await database.open({ clock })];
    const done = async () => {
      const reports = await Promise.all([here, elsewhere].map((store) => store.retention.runIfDue(never)));
      return reports.filter((report) => report !== null).length;
    };
    expect(await done()).toBe(1);
    expect(await done()).toBe(0);
    now += DAY + 1;
    expect(await done()).toBe(1);
  });

  it("removes threads that nobody used for the configured days, except those in use right now", async () => {
    let now = Date.now();
    const store = await database.open({ clock: () => now });
    for (const id of ["old", "busy", "young"]) {
      await store.turns.append(
        aTurn({ thread_id: id, response_id: id, created_at: id === "young" ? now + DAY : now }),
      );
    }
    now += 30 * DAY + 1;
    await store.withThread("busy", { wait: false, signal: never }, async () => {
      expect(await store.retention.run(never)).toMatchObject({ removed_threads: 1 });
    });
    const left = await store.threads.list("user:ada", 9);
    expect(left.map((record) => record.thread_id)).toEqual(["young", "busy"]);
    expect(await store.turns.list("user:ada", "old", 9)).toEqual([]);
  });

  it("deletes a thread with every trace of it", async () => {
    const store = await database.open();
    await graphOn(store).invoke({ question: "1" }, thread);
    await store.conversations.create({
      id: "conv_1",
      owner: "user:ada",
      created_at: 1,
      metadata: {},
      edited: false,
    });
    await store.conversations.append("user:ada", "conv_1", [{ id: "thread-1", type: "message" }]);
    await store.turns.append(aTurn());
    await store.responses.save(aResponse({ conversation_id: "conv_1" }));
    await store.evidence("user:ada", "thread-1").put("thread-1");
    await store.runs.create(aRun());
    await store.events.append((await store.runs.claim("1"))!, [{ sequence_number: 0, event: "thread-1" }]);
    await store.pending("1").put("s1", "thread-1");
    await store.idempotency.claim("user:ada", "key", "print", "resp_1");
    await store.feedback.add({
      id: "f1",
      owner: "user:ada",
      thread_id: "thread-1",
      response_id: "resp_1",
      created_at: 1,
      body: "thread-1",
    });
    const remove = (owner: string) =>
      store.withThread("thread-1", { wait: true, signal: never }, () =>
        store.deleteThread(owner, "thread-1"),
      );
    expect(await remove("user:bob")).toEqual({ locked: true, value: false });
    expect((await checkpoints(store)).length).toBeGreaterThan(0);
    expect(await remove("user:ada")).toEqual({ locked: true, value: true });
    expect(await remove("user:ada")).toEqual({ locked: true, value: false });
    await store.retention.run(never);
    expect(await tablesWithRows(database.config())).toEqual([]);
  });

  it("reports the size of the database", async () => {
    const store = await database.open();
    const sizes = await store.sizes();
    const expected = { sqlite: ["database", "wal"], postgres: ["turns", "checkpoints", "run_events"] };
    expect(Object.keys(sizes)).toEqual(expect.arrayContaining(expected[kind]));
    expect(Object.values(sizes).every((bytes) => bytes >= 0)).toBe(true);
  });
});

function graphOn(store: Store) {
  return new StateGraph(State)
    .addNode("write", (state) => ({ log: `${state.log ?? ""}${state.question}|` }))
    .addEdge(START, "write")
    .addEdge("write", END)
    .compile({ checkpointer: store.checkpointer });
}

async function checkpoints(store: Store): Promise<string[]> {
  const ids: string[] = [];
  for await (const tuple of store.checkpointer.list(thread)) ids.push(tuple.checkpoint.id);
  return ids;
}
