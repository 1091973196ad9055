import { describe, expect, it } from "vitest";
import type { EvidenceStore, PendingStore } from "../../nodes/run-context.ts";
import { KINDS, useDatabase } from "./databases.ts";
import { aResponse, aTurn } from "./records.ts";

describe.each(KINDS)("%s: what a thread remembers", (kind) => {
  const database = useDatabase(kind);

  it("satisfies the contracts of the nodes", async () => {
    const store = await database.open();
    const evidence: EvidenceStore = store.evidence("user:ada", "thread-1");
    const pending: PendingStore = store.pending("run-1");
    await pending.put("s1", { conversation_id: "c1" });
    await pending.put("s1", { conversation_id: "c1", message_id: "m1" });
    expect(await pending.get("s1")).toEqual({ conversation_id: "c1", message_id: "m1" });
    expect(await evidence.get("unknown")).toBeNull();
  });

  it("returns the newest turns, oldest first, after a restart", async () => {
    const first = await database.open();
    for (const n of [1, 2, 3])
      await first.turns.append(aTurn({ response_id: `resp_${n}`, created_at: 5 - n }));
    await first.close();
    const second = await database.open();
    const turns = await second.turns.list("user:ada", "thread-1", 2);
    expect(turns.map((turn) => turn.response_id)).toEqual(["resp_2", "resp_3"]);
    expect(await second.turns.list("user:ada", "thread-1", 0)).toEqual([]);
    expect(await second.turns.list("user:bob", "thread-1", 9)).toEqual([]);
  });

  it("keeps a turn once, however often a resumed run appends it", async () => {
    const store = await database.open();
    await store.turns.append(aTurn());
    await store.turns.append(aTurn());
    expect(await store.turns.list("user:ada", "thread-1", 9)).toEqual([aTurn()]);
  });

  it("gives every character back that JSON can carry", async () => {
    const store = await database.open();
    const turn = aTurn({ question: "a\0b \u{1F600} \uD800 '\"?@turns", thread_key: "key\0\uDC00" });
    await store.turns.append(turn);
    expect(await store.turns.list("user:ada", "thread-1", 1)).toEqual([turn]);
    expect((await store.threads.get("user:ada", "thread-1"))?.thread_key).toBe("key\0\uDC00");
    expect(await store.responses.get("user:ada", "resp_\0")).toBeNull();
  });

  it("keeps equal evidence once per thread, whatever the order of its keys", async () => {
    const store = await database.open();
    const evidence = store.evidence("user:ada", "thread-1");
    const hash = await evidence.put({
      kind: "table",
      rows: [[1, "x"]],
      columns: [{ name: "n", type: "INT" }],
    });
    expect(
      await evidence.put({ columns: [{ type: "INT", name: "n" }], rows: [[1, "x"]], kind: "table" }),
    ).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await evidence.get(hash)).toEqual({
      columns: [{ name: "n", type: "INT" }],
      kind: "table",
      rows: [[1, "x"]],
    });
    expect(await store.evidence("user:bob", "thread-1").get(hash)).toBeNull();
    expect(await store.evidence("user:ada", "thread-2").get(hash)).toBeNull();
  });

  it("lists the threads of one owner, last used first", async () => {
    const store = await database.open();
    await store.turns.append(aTurn({ created_at: 1 }));
    await store.turns.append(aTurn({ thread_id: "thread-2", response_id: "resp_2", created_at: 2 }));
    await store.turns.append(aTurn({ thread_id: "thread-3", response_id: "resp_3", owner: "user:bob" }));
    await store.turns.append(aTurn({ response_id: "resp_4", created_at: 3 }));
    expect(await store.threads.setTitle("user:ada", "thread-1", "Churn")).toBe(true);
    expect(await store.threads.setTitle("user:bob", "thread-1", "Mine now")).toBe(false);
    const metadata = { topic: "churn", tags: ["a"] };
    expect(await store.threads.setMetadata("user:ada", "thread-1", metadata)).toBe(true);
    expect(await store.threads.setMetadata("user:bob", "thread-1", {})).toBe(false);
    expect(await store.threads.list("user:ada", 9)).toEqual([
      {
        thread_id: "thread-1",
        owner: "user:ada",
        thread_key: "chat",
        title: "Churn",
        metadata,
        created_at: 1,
        touched_at: 3,
      },
      {
        thread_id: "thread-2",
        owner: "user:ada",
        thread_key: "chat",
        title: null,
        metadata: {},
        created_at: 2,
        touched_at: 2,
      },
    ]);
    const [newest] = await store.threads.list("user:ada", 1);
    expect((await store.threads.list("user:ada", 9, newest)).map((thread) => thread.thread_id)).toEqual([
      "thread-2",
    ]);
  });

  it("loses no thread between two pages that were used in the same millisecond", async () => {
    const store = await database.open();
    const ids = ["thread-a", "thread-b", "thread-c"];
    for (const thread_id of ids)
      await store.turns.append(aTurn({ thread_id, response_id: `resp_${thread_id}`, created_at: 5 }));
    const [first, second] = await store.threads.list("user:ada", 2);
    expect([first?.thread_id, second?.thread_id]).toEqual(["thread-a", "thread-b"]);
    const rest = await store.threads.list("user:ada", 2, second);
    expect(rest.map((thread) => thread.thread_id)).toEqual(["thread-c"]);
  });

  it("forgets turns, checkpoints and evidence of a thread, and keeps its responses without a checkpoint", async () => {
    const store = await database.open();
    const config = { configurable: { thread_id: "thread-1", checkpoint_ns: "" } };
    await store.checkpointer.put(config, checkpoint("1"), { source: "input", step: -1, parents: {} }, {});
    await store.turns.append(aTurn());
    await store.responses.save(aResponse());
    const hash = await store.evidence("user:ada", "thread-1").put("document");
    await store.forgetThread("user:bob", "thread-1");
    expect(await store.turns.list("user:ada", "thread-1", 9)).toHaveLength(1);
    await store.forgetThread("user:ada", "thread-1");
    expect(await store.turns.list("user:ada", "thread-1", 9)).toEqual([]);
    expect(await store.evidence("user:ada", "thread-1").get(hash)).toBeNull();
    expect(await store.checkpointer.getTuple(config)).toBeUndefined();
    expect(await store.responses.get("user:ada", "resp_1")).toEqual(aResponse({ checkpoint_id: null }));
  });
});

function checkpoint(id: string) {
  return {
    v: 4,
    id,
    ts: "2026-01-01T00:00:00Z",
    channel_values: {},
    channel_versions: {},
    versions_seen: {},
  };
}
