import { describe, expect, it } from "vitest";
import { KINDS, PAUSED, useDatabase } from "./databases.ts";
import { aResponse, aRun } from "./records.ts";

describe.each(KINDS)("%s: background runs", (kind) => {
  const database = useDatabase(kind);

  it("gives a queued run to one of many who claim it", async () => {
    const stores = [await database.open(), await database.open(), await database.open()];
    await stores[0]!.runs.create(aRun());
    await stores[1]!.runs.create(aRun({ owner: "user:bob" }));
    const leases = await Promise.all([...stores, ...stores].map((store) => store.runs.claim("1")));
    const won = leases.filter((lease) => lease !== null);
    expect(won).toHaveLength(1);
    expect(won[0]?.run).toMatchObject({ ...aRun(), state: "running", attempt: 1, cancel_requested: false });
    expect(await stores[0]!.runs.claimable(9)).toEqual([]);
  });

  it("begins a run together with its response and its key, or not at all", async () => {
    const store = await database.open();
    const response = aResponse({ status: "queued" });
    await store.idempotency.claim("user:ada", "key", "print", "resp_1");
    await store.beginRun({ response, run: aRun(), key: "key" });
    expect(await store.runs.claimable(9)).toEqual(["1"]);
    expect(await store.responses.get("user:ada", "resp_1")).toEqual(response);
    expect(await store.idempotency.claim("user:ada", "key", "print", "resp_2")).toMatchObject({
      state: "used",
      response_id: "resp_1",
      settled: true,
    });
    const late = { response: aResponse({ id: "resp_2" }), run: aRun({ id: "2", response_id: "resp_2" }) };
    await expect(store.beginRun({ ...late, key: "key" })).rejects.toMatchObject({ code: "lease_lost" });
    expect(await store.runs.claimable(9)).toEqual(["1"]);
    expect(await store.responses.get("user:ada", "resp_2")).toBeNull();
  });

  it("lists what nobody works on, oldest first, and what waits for its owner only to them", async () => {
    const store = await database.open();
    await store.runs.create(aRun({ id: "b", created_at: 2 }));
    await store.runs.create(aRun({ id: "a", created_at: 1 }));
    await store.runs.create(aRun({ id: "c", created_at: 3, needs_owner: true }));
    expect(await store.runs.claimable(9)).toEqual(["a", "b"]);
    expect(await store.runs.claimable(9, "user:bob")).toEqual(["a", "b"]);
    expect(await store.runs.claimable(9, "user:ada")).toEqual(["a", "b", "c"]);
    expect(await store.runs.claimable(1)).toEqual(["a"]);
  });

  it("hands the runs of a dead process over, with a higher fence and attempt", async () => {
    const dead = await database.open(PAUSED);
    const alive = await database.open();
    await dead.runs.create(aRun());
    const first = await dead.runs.claim("1");
    await expect.poll(() => alive.runs.claimable(9)).toEqual(["1"]);
    const second = await alive.runs.claim("1");
    expect(second?.run.attempt).toBe(2);
    expect(second!.fence).toBeGreaterThan(first!.fence);
    await expect(first!.finish("completed")).rejects.toMatchObject({ code: "lease_lost" });
    await second!.finish("failed");
    expect((await alive.runs.get("user:ada", "1"))?.state).toBe("failed");
    expect(await alive.runs.claim("1")).toBeNull();
  });

  it("tells the loser of a run at its next heartbeat", async () => {
    const paused = await database.open({ sessionTimes: { leaseMs: 50, heartbeatMs: 300 } });
    const other = await database.open();
    await paused.runs.create(aRun());
    const lease = await paused.runs.claim("1");
    await expect.poll(() => other.runs.claim("1")).not.toBeNull();
    await expect.poll(() => lease?.lost.aborted).toBe(true);
    expect(lease?.cancelled.aborted).toBe(false);
  });

  it("lets the loser of a run take it up again when the process that took it over is gone", async () => {
    const paused = await database.open({ sessionTimes: { leaseMs: 50, heartbeatMs: 300 } });
    const other = await database.open();
    await paused.runs.create(aRun());
    const lease = await paused.runs.claim("1");
    await expect.poll(() => other.runs.claim("1")).not.toBeNull();
    await expect.poll(() => lease?.lost.aborted).toBe(true);
    await other.close();
    expect(await paused.runs.claimable(9)).toEqual(["1"]);
    expect((await paused.runs.claim("1"))?.run.attempt).toBe(3);
  });

  it("carries a cancel from any process to the one that works on the run", async () => {
    const worker = await database.open({ sessionTimes: { leaseMs: 10_000, heartbeatMs: 30 } });
    const other = await database.open();
    await worker.runs.create(aRun());
    const lease = await worker.runs.claim("1");
    expect(await other.runs.cancel("user:bob", "1")).toBeNull();
    expect(lease?.cancelled.aborted).toBe(false);
    expect(await other.runs.cancel("user:ada", "1")).toMatchObject({
      state: "running",
      cancel_requested: true,
    });
    await expect.poll(() => lease?.cancelled.aborted).toBe(true);
    await lease!.finish("cancelled");
    expect(await other.runs.cancel("user:ada", "1")).toMatchObject({ state: "cancelled" });
  });

  it("lets whoever cancels a run without a worker finish it", async () => {
    const store = await database.open();
    await store.runs.create(aRun());
    await store.runs.cancel("user:ada", "1");
    const lease = await store.runs.claim("1");
    expect(lease?.cancelled.aborted).toBe(true);
    await lease!.finish("cancelled");
    expect((await store.runs.get("user:ada", "1"))?.state).toBe("cancelled");
  });

  it("gives a run back on draining, at once, and can leave it to its owner", async () => {
    const [draining, other] = [await database.open(), await database.open()];
    await draining.runs.create(aRun());
    await (await draining.runs.claim("1"))!.release();
    const lease = await other.runs.claim("1");
    expect(lease?.run.attempt).toBe(2);
    await lease!.release({ needsOwner: true });
    expect(await draining.runs.claimable(9)).toEqual([]);
    expect(await draining.runs.claimable(9, "user:ada")).toEqual(["1"]);
  });

  it("frees the runs of a store that was closed", async () => {
    const [leaving, other] = [await database.open(), await database.open()];
    await leaving.runs.create(aRun());
    await leaving.runs.claim("1");
    expect(await other.runs.claim("1")).toBeNull();
    await leaving.close();
    expect((await other.runs.claim("1"))?.run.attempt).toBe(2);
  });
});
