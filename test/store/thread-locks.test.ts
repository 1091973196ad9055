import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { KINDS, never, PAUSED, useDatabase } from "./databases.ts";
import { aResponse, aRun, aTurn } from "./records.ts";

const patient = { wait: true, signal: never };
const impatient = { wait: false, signal: never };

describe.each(KINDS)("%s: one run at a time per thread", (kind) => {
  const database = useDatabase(kind);

  it("lets many callers in two processes in one by one", async () => {
    const stores = [await database.open(), await database.open()];
    let inside = 0;
    let most = 0;
    const visit = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(2);
      inside -= 1;
      return "done";
    };
    const visits = Array.from({ length: 20 }, (_, n) =>
      stores[n % 2]!.withThread("thread-1", patient, visit),
    );
    expect(await Promise.all(visits)).toEqual(
      Array.from({ length: 20 }, () => ({ locked: true, value: "done" })),
    );
    expect(most).toBe(1);
  });

  it("serves the callers of one process in the order in which they came", async () => {
    const store = await database.open();
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3, 4].map((n) => store.withThread("thread-1", patient, async () => void order.push(n))),
    );
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it("turns an impatient caller away while the thread is busy here or elsewhere", async () => {
    const [here, elsewhere] = [await database.open(), await database.open()];
    await here.withThread("thread-1", patient, async () => {
      expect(await here.withThread("thread-1", impatient, async () => "in")).toEqual({ locked: false });
      expect(await elsewhere.withThread("thread-1", impatient, async () => "in")).toEqual({ locked: false });
      expect(await elsewhere.withThread("thread-2", impatient, async () => "in")).toEqual({
        locked: true,
        value: "in",
      });
    });
    expect(await elsewhere.withThread("thread-1", impatient, async () => "in")).toEqual({
      locked: true,
      value: "in",
    });
  });

  it("tells whether a thread is busy here or elsewhere, without taking it", async () => {
    const [here, elsewhere] = [await database.open(), await database.open()];
    const busy = async () => [await here.isHeld("thread-1"), await elsewhere.isHeld("thread-1")];
    expect(await busy()).toEqual([false, false]);
    await here.withThread("thread-1", patient, async () => expect(await busy()).toEqual([true, true]));
    expect(await busy()).toEqual([false, false]);
    await here.runs.create(aRun());
    const crash = here.withThread("thread-1", { ...patient, run: "1" }, () => Promise.reject(new Error("x")));
    await expect(crash).rejects.toThrow("x");
    expect(await busy()).toEqual([true, true]);
    await (await here.runs.claim("1"))?.finish("failed");
    expect(await busy()).toEqual([false, false]);
  });

  it("ends the waiting with the signal's reason, and does not lose the place of those behind", async () => {
    const [here, elsewhere] = [await database.open(), await database.open()];
    await here.withThread("thread-1", patient, async () => {
      const reason = new Error("The client went away.");
      const gone = new AbortController();
      const queued = here.withThread("thread-1", { wait: true, signal: gone.signal }, async () => "never");
      const polling = elsewhere.withThread(
        "thread-1",
        { wait: true, signal: gone.signal },
        async () => "never",
      );
      setTimeout(() => gone.abort(reason), 30);
      await expect(queued).rejects.toBe(reason);
      await expect(polling).rejects.toBe(reason);
    });
    expect(await here.withThread("thread-1", impatient, async () => "free")).toEqual({
      locked: true,
      value: "free",
    });
  });

  it("frees the thread when the work throws", async () => {
    const store = await database.open();
    const failing = store.withThread("thread-1", patient, () => Promise.reject(new Error("The run failed.")));
    await expect(failing).rejects.toThrow("The run failed.");
    expect(await store.withThread("thread-1", impatient, async () => 1)).toEqual({ locked: true, value: 1 });
  });

  it("frees the threads of a store that is closed while another waits", async () => {
    const [leaving, waiting] = [await database.open(), await database.open()];
    const end = new AbortController();
    const entered = new AbortController();
    const holding = leaving.withThread("thread-1", patient, async () => {
      entered.abort();
      await once(end.signal, "abort");
    });
    if (!entered.signal.aborted) await once(entered.signal, "abort");
    const taken = waiting.withThread("thread-1", patient, async () => "taken");
    await leaving.close();
    expect(await taken).toEqual({ locked: true, value: "taken" });
    end.abort();
    await holding;
  });

  it("stays busy for all but the run that was interrupted half way, until that has ended", async () => {
    const [leaving, next] = [await database.open(), await database.open()];
    await leaving.runs.create(aRun());
    const first = await leaving.runs.claim("1");
    const stopped = leaving.withThread("thread-1", { ...patient, run: "1" }, () =>
      Promise.reject(new Error("The process is about to end.")),
    );
    await expect(stopped).rejects.toThrow("about to end");
    await first!.release();
    expect(await leaving.withThread("thread-1", impatient, async () => "in")).toEqual({ locked: false });
    const order: string[] = [];
    const inLine = next.withThread("thread-1", patient, async () => void order.push("in line"));
    const second = await next.runs.claim("1");
    await next.withThread("thread-1", { ...patient, run: "1" }, async () => void order.push("run"));
    await second!.finish("completed");
    await inLine;
    expect(order).toEqual(["run", "in line"]);
  });

  it("is not held up by a run that waits for its owner, or that ended elsewhere", async () => {
    const store = await database.open();
    await store.runs.create(aRun({ needs_owner: true }));
    const fail = () => Promise.reject(new Error("It is interrupted."));
    const interrupted = async () => {
      const lease = await store.runs.claim("1");
      await expect(store.withThread("thread-1", { ...patient, run: "1" }, fail)).rejects.toThrow("It is");
      return lease!;
    };
    const free = { locked: true, value: "in" };
    await (await interrupted()).release();
    expect(await store.withThread("thread-1", impatient, async () => "in")).toEqual(free);
    await (await interrupted()).finish("failed");
    expect(await store.withThread("thread-1", impatient, async () => "in")).toEqual(free);
  });

  it("lets nothing of a paused process through after another took over", async () => {
    const paused = await database.open(PAUSED);
    const other = await database.open();
    const config = { configurable: { thread_id: "thread-1", checkpoint_ns: "" } };
    const put = (id: string) =>
      paused.checkpointer.put(config, checkpoint(id), { source: "input", step: -1, parents: {} }, {});
    const lost = { code: "lease_lost" };
    await paused.withThread("thread-1", patient, async () => {
      await put("1");
      await paused.turns.append(aTurn());
      await paused.pending("1").put("s1", { id: "question-1" });
      expect(await paused.pending("1").get("s1")).toEqual({ id: "question-1" });
      expect(await paused.pending("1").get("s2")).toBeNull();
      await other.withThread("thread-1", patient, async () => undefined);
      await expect(paused.pending("1").get("s2")).rejects.toMatchObject(lost);
      await expect(put("2")).rejects.toMatchObject(lost);
      const writes: [string, unknown][] = [["answer", 1]];
      const stale = paused.checkpointer.putWrites(
        { configurable: { ...config.configurable, checkpoint_id: "1" } },
        writes,
        "task",
      );
      await expect(stale).rejects.toMatchObject(lost);
      await expect(paused.turns.append(aTurn({ response_id: "resp_2" }))).rejects.toMatchObject(lost);
      await expect(paused.responses.save(aResponse())).rejects.toMatchObject(lost);
    });
    expect((await other.checkpointer.getTuple(config))?.checkpoint.id).toBe("1");
    expect(await other.turns.list("user:ada", "thread-1", 9)).toHaveLength(1);
    await expect(put("3")).resolves.toMatchObject({ configurable: { checkpoint_id: "3" } });
  });

  it("tells a process that was paused for longer than its lease that it lost the thread", async () => {
    const paused = await database.open({ sessionTimes: { leaseMs: 50, heartbeatMs: 400 } });
    const other = await database.open();
    await paused.withThread("thread-1", patient, async (lost) => {
      await other.withThread("thread-1", patient, async () => undefined);
      await expect.poll(() => lost.aborted).toBe(true);
      expect(lost.reason).toMatchObject({ code: "lease_lost" });
    });
  });

  it("keeps the thread of a process that was paused while nobody wanted it", async () => {
    const paused = await database.open({ sessionTimes: { leaseMs: 20, heartbeatMs: 60 } });
    await paused.withThread("thread-1", patient, async (lost) => {
      await sleep(200);
      expect(lost.aborted).toBe(false);
      await paused.turns.append(aTurn());
    });
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
