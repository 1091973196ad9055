import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { KINDS, never, PAUSED, useDatabase } from "./databases.ts";
import { aResponse, aRun, aTurn } from "./records.ts";

const DAY = 24 * 60 * 60 * 1_000;

describe.each(KINDS)("%s: responses, conversations and keys", (kind) => {
  const database = useDatabase(kind);

  it("replaces a response by id and shows it to its owner only", async () => {
    const store = await database.open();
    await store.responses.save(aResponse({ status: "in_progress" }));
    await store.responses.save(aResponse({ checkpoint_id: "checkpoint-2" }));
    await store.responses.save(aResponse({ owner: "user:bob", status: "failed" }));
    expect(await store.responses.get("user:ada", "resp_1")).toEqual(
      aResponse({ checkpoint_id: "checkpoint-2" }),
    );
    expect(await store.responses.get("user:bob", "resp_1")).toBeNull();
    expect(await store.responses.delete("user:bob", "resp_1")).toBe(false);
    expect(await store.responses.delete("user:ada", "resp_1")).toBe(true);
    expect(await store.responses.delete("user:ada", "resp_1")).toBe(false);
  });

  it("lists the responses of one thread and owner, newest first", async () => {
    const store = await database.open();
    for (const [id, created_at] of [
      ["resp_1", 1],
      ["resp_2", 3],
      ["resp_3", 2],
    ] as const)
      await store.responses.save(aResponse({ id, created_at }));
    await store.responses.save(aResponse({ id: "resp_4", thread_id: "thread-2" }));
    await store.responses.save(aResponse({ id: "resp_5", owner: "user:bob" }));
    const ids = async (owner: string, limit: number) =>
      (await store.responses.list(owner, aResponse().thread_id, limit)).map(({ id }) => id);
    expect(await ids("user:ada", 9)).toEqual(["resp_2", "resp_3", "resp_1"]);
    expect(await ids("user:ada", 1)).toEqual(["resp_2"]);
    expect(await ids("user:bob", 9)).toEqual(["resp_5"]);
  });

  it("removes a response's run, events, keys and feedback with it", async () => {
    const store = await database.open();
    await store.responses.save(aResponse());
    await store.runs.create(aRun());
    await store.idempotency.claim("user:ada", "key", "print", "resp_1");
    await store.feedback.add({ ...aFeedback, id: "f1" });
    const lease = await store.runs.claim("1");
    await store.events.append(lease!, [{ sequence_number: 0, event: "{}" }]);
    await store.responses.delete("user:ada", "resp_1");
    expect(await store.runs.get("user:ada", "1")).toBeNull();
    expect(await store.events.read("1", -1)).toEqual([]);
    expect(await store.feedback.of("user:ada", "resp_1")).toEqual([]);
    expect(await store.idempotency.claim("user:ada", "key", "other", "resp_2")).toEqual({ state: "new" });
    await expect(store.events.append(lease!, [{ sequence_number: 1, event: "{}" }])).rejects.toMatchObject({
      code: "lease_lost",
    });
  });

  it("pages through the items of a conversation in both orders", async () => {
    const store = await database.open();
    const { conversations } = store;
    await conversations.create({
      id: "conv_1",
      owner: "user:ada",
      created_at: 7,
      metadata: {},
      edited: false,
    });
    const items = ["a", "b", "c", "d"].map((id) => ({ id, type: "message" }));
    expect(await conversations.append("user:ada", "conv_1", items.slice(0, 3))).toBe(true);
    expect(await conversations.append("user:ada", "conv_1", items.slice(3))).toBe(true);
    expect(await conversations.append("user:bob", "conv_1", items)).toBe(false);
    const ids = async (page: { limit: number; order: "asc" | "desc"; after?: string }) => {
      const found = await conversations.items("user:ada", "conv_1", page);
      return [found?.items.map((item) => item.id).join(""), found?.has_more];
    };
    expect(await ids({ limit: 3, order: "asc" })).toEqual(["abc", true]);
    expect(await ids({ limit: 3, order: "asc", after: "c" })).toEqual(["d", false]);
    expect(await ids({ limit: 2, order: "desc" })).toEqual(["dc", true]);
    expect(await ids({ limit: 2, order: "desc", after: "c" })).toEqual(["ba", false]);
    expect(await ids({ limit: 2, order: "asc", after: "unknown" })).toEqual(["", false]);
    expect(await conversations.items("user:bob", "conv_1", { limit: 1, order: "asc" })).toBeNull();
    expect(await conversations.deleteItem("user:bob", "conv_1", "b")).toBe(false);
    expect(await conversations.deleteItem("user:ada", "conv_1", "b")).toBe(true);
    expect(await conversations.item("user:ada", "conv_1", "b")).toBeNull();
    expect(await conversations.item("user:ada", "conv_1", "c")).toEqual({ id: "c", type: "message" });
  });

  it("finds items by ids of any length, and of items with one id the first", async () => {
    const { conversations } = await database.open();
    const conversation = { id: "conv_1", owner: "user:ada", created_at: 7, metadata: {}, edited: false };
    await conversations.create(conversation);
    const long = `é${randomBytes(3_000).toString("hex")}`;
    const items = [`${long}1`, `${long}2`, "twice", "twice"].map((id, n) => ({ id, type: "message", n }));
    await conversations.append("user:ada", "conv_1", items);
    for (const item of items.slice(0, 3))
      expect(await conversations.item("user:ada", "conv_1", item.id)).toEqual(item);
    expect(await conversations.deleteItem("user:ada", "conv_1", `${long}1`)).toBe(true);
    expect(await conversations.item("user:ada", "conv_1", `${long}1`)).toBeNull();
    expect(await conversations.item("user:ada", "conv_1", `${long}2`)).toEqual(items[1]);
  });

  it("changes a conversation's metadata and mark, and removes it with its items", async () => {
    const { conversations } = await database.open();
    const record = { id: "conv_1", owner: "user:ada", created_at: 7, metadata: { a: "1" }, edited: false };
    await conversations.create(record);
    await conversations.append("user:ada", "conv_1", [{ id: "a", type: "message" }]);
    expect(await conversations.update("user:ada", "conv_1", { edited: true })).toEqual({
      ...record,
      edited: true,
    });
    expect(await conversations.update("user:ada", "conv_1", { metadata: { b: "2" } })).toEqual({
      ...record,
      metadata: { b: "2" },
      edited: true,
    });
    expect(await conversations.update("user:bob", "conv_1", { edited: false })).toBeNull();
    expect(await conversations.delete("user:bob", "conv_1")).toBe(false);
    expect(await conversations.delete("user:ada", "conv_1")).toBe(true);
    await conversations.create(record);
    expect(await conversations.items("user:ada", "conv_1", { limit: 9, order: "asc" })).toEqual({
      items: [],
      has_more: false,
    });
  });

  it("gives a key to one of many requests at once, over two processes", async () => {
    const stores = [await database.open(), await database.open()];
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        stores[n % 2]!.idempotency.claim("user:ada", "key", "print", `resp_${n}`),
      ),
    );
    expect(claims.filter((claim) => claim.state === "new")).toHaveLength(1);
    const winner = `resp_${claims.findIndex((claim) => claim.state === "new")}`;
    expect(await stores[0]!.idempotency.claim("user:ada", "key", "other", "resp_x")).toEqual({
      state: "used",
      response_id: winner,
      fingerprint: "print",
      settled: false,
    });
    expect(await stores[0]!.idempotency.claim("user:bob", "key", "other", "resp_y")).toEqual({
      state: "new",
    });
  });

  it("frees a key on release and after 24 hours", async () => {
    let now = 1_800_000_000_000;
    const { idempotency } = await database.open({ clock: () => now });
    await idempotency.claim("user:ada", "key", "print", "resp_1");
    await idempotency.release("user:ada", "key", "resp_0");
    expect(await idempotency.claim("user:ada", "key", "print", "resp_2")).toMatchObject({ state: "used" });
    await idempotency.release("user:ada", "key", "resp_1");
    expect(await idempotency.claim("user:ada", "key", "print", "resp_2")).toEqual({ state: "new" });
    await idempotency.settle("user:ada", "key", "resp_2");
    now += DAY - 1;
    expect(await idempotency.claim("user:ada", "key", "print", "resp_3")).toMatchObject({ settled: true });
    now += 1;
    expect(await idempotency.claim("user:ada", "key", "print", "resp_3")).toEqual({ state: "new" });
  });

  it("takes the thread away with the key from a process that stood still", async () => {
    const paused = await database.open(PAUSED);
    const other = await database.open();
    const claim = (store: typeof other, id: string, thread: string) =>
      store.idempotency.claim("user:ada", "key", "print", id, thread);
    const where = { wait: true, signal: never };
    await claim(paused, "resp_1", "thread-1");
    await paused.withThread("thread-1", where, async () => {
      await paused.turns.append(aTurn());
      expect(await paused.idempotency.standsFor("user:ada", "key", "resp_1")).toBe(true);
      await expect.poll(() => claim(other, "resp_2", "thread-2")).toEqual({ state: "new" });
      expect(await paused.idempotency.standsFor("user:ada", "key", "resp_1")).toBe(false);
      const late = paused.turns.append(aTurn({ response_id: "resp_3" }));
      await expect(late).rejects.toMatchObject({ code: "lease_lost" });
    });
  });

  it("frees a key whose process died before it stored a response, and only then", async () => {
    const dead = await database.open(PAUSED);
    await dead.idempotency.claim("user:ada", "lost", "print", "resp_1");
    await dead.idempotency.claim("user:ada", "stored", "print", "resp_2");
    await dead.responses.save(aResponse({ id: "resp_2", status: "queued" }));
    const alive = await database.open();
    await expect
      .poll(() => alive.idempotency.claim("user:ada", "lost", "print", "resp_3"))
      .toEqual({ state: "new" });
    expect(await alive.idempotency.claim("user:ada", "stored", "print", "resp_4")).toMatchObject({
      response_id: "resp_2",
    });
  });

  it("counts what an owner spent on a day once per run", async () => {
    const { usage } = await database.open();
    const at = Date.UTC(2026, 10, 21, 23, 59);
    const entry = { run_id: "1", owner: "user:ada", at, input_tokens: 10, output_tokens: 5, usd: 0.25 };
    await usage.record(entry);
    await usage.record(entry);
    await usage.record({ ...entry, run_id: "2", usd: null });
    await usage.record({ ...entry, run_id: "3", at: at + DAY });
    await usage.record({ ...entry, run_id: "4", owner: "user:bob" });
    expect(await usage.spent("user:ada", at)).toEqual({
      runs: 2,
      input_tokens: 20,
      output_tokens: 10,
      usd: 0.25,
      unpriced: 1,
    });
  });

  it("sets dollars aside once, and counts what others hold until they release it or are too late", async () => {
    const { usage } = await database.open();
    const at = Date.UTC(2026, 10, 22, 12);
    const held = { run_id: "r1", owner: "user:res", at, until: at + 1_000, usd: 0.6, max_usd: 1 };
    expect(await usage.reserve(held)).toBe(1);
    expect(await usage.reserve(held)).toBe(1);
    expect(await usage.reserve({ ...held, owner: "user:other", run_id: "o1" })).toBe(1);
    expect(await usage.reserve({ ...held, run_id: "r2" })).toBeCloseTo(0.4);
    // Only what was left is held by the second one.
    expect(await usage.reserve({ ...held, run_id: "r3" })).toBeCloseTo(0);
    const entry = { run_id: "r1", owner: "user:res", at, input_tokens: 0, output_tokens: 0, usd: 0.1 };
    await usage.record(entry);
    await usage.release("r1");
    expect(await usage.mean("user:res")).toBe(0.1);
    expect(await usage.reserve({ ...held, run_id: "r3", usd: 0 })).toBeCloseTo(0.5);
    expect(await usage.reserve({ ...held, run_id: "r4", at: at + 2_000 })).toBeCloseTo(0.9);
  });

  it("lets ten runs at the same moment hold no more than there is", async () => {
    const { usage } = await database.open();
    const at = Date.UTC(2026, 10, 22, 12);
    const left = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        usage.reserve({ run_id: `p${n}`, owner: "user:par", at, until: at + 1_000, usd: 0.25, max_usd: 1 }),
      ),
    );
    expect(left.filter((usd) => usd > 0)).toHaveLength(4);
  });

  it("keeps feedback for its author and for reports", async () => {
    const { feedback } = await database.open();
    await feedback.add({ ...aFeedback, id: "f2", created_at: 2 });
    await feedback.add({ ...aFeedback, id: "f1", created_at: 1 });
    await feedback.add({ ...aFeedback, id: "f1", body: "repeated" });
    expect((await feedback.of("user:ada", "resp_1")).map(({ id, body }) => [id, body])).toEqual([
      ["f1", { score: 1 }],
      ["f2", { score: 1 }],
    ]);
    expect(await feedback.of("user:bob", "resp_1")).toEqual([]);
    expect((await feedback.since(2, 9)).map(({ id }) => id)).toEqual(["f2"]);
  });
});

const aFeedback = {
  owner: "user:ada",
  thread_id: "thread-1",
  response_id: "resp_1",
  created_at: 1,
  body: { score: 1 },
};
