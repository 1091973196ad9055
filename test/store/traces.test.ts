import { describe, expect, it } from "vitest";
import type { TracePiece } from "../../store/traces.ts";
import { KINDS, useDatabase } from "./databases.ts";
import { aResponse } from "./records.ts";

function aPiece(change: Partial<TracePiece> = {}): TracePiece {
  return {
    id: "a".repeat(32),
    owner: "u1",
    thread_id: "t1",
    response_id: "resp_1",
    name: "POST /responses",
    question: "How many?",
    status: "ok",
    started_at: 1_000,
    duration_ms: 12.5,
    piece: "p1",
    spans: [{ name: "root" }],
    ...change,
  };
}

const LATER = {
  thread_id: null,
  response_id: null,
  name: null,
  question: null,
  status: null,
  duration_ms: null,
};

describe.each(KINDS)("the trace store on %s", (kind) => {
  const database = useDatabase(kind);

  it("puts the pieces of a trace together, whichever comes first", async () => {
    const { traces } = await database.open();
    await traces.append([aPiece({ ...LATER, piece: "p0", started_at: 1_005, spans: [{ name: "child" }] })]);
    await traces.append([aPiece()]);
    await traces.append([aPiece()]);
    const { piece: _, spans: _spans, ...summary } = aPiece();
    expect(await traces.find("u1", "resp_1")).toEqual(summary);
    expect(await traces.spans(summary)).toHaveLength(2);
  });

  it("keeps two owners of one trace id apart", async () => {
    const { traces } = await database.open();
    await traces.append([aPiece(), aPiece({ owner: "u2", piece: "p2", spans: [{ name: "intruder" }] })]);
    expect(await traces.spans({ id: aPiece().id, owner: "u1" })).toEqual([{ name: "root" }]);
    expect(await traces.find("u3", aPiece().id)).toBeNull();
    expect((await traces.list("u2", 9)).map((trace) => trace.owner)).toEqual(["u2"]);
    expect(await traces.list(null, 9)).toHaveLength(2);
  });

  it("removes the oldest beyond the number and everything beyond the age", async () => {
    const { traces } = await database.open();
    const days = [1, 6, 7, 8, 9];
    const start = Date.now() - 10 * 86_400_000;
    const pieces = days.map((day) => aPiece({ id: `d${day}`, started_at: start + day * 86_400_000 }));
    await traces.append(pieces);
    expect(await traces.prune({ max_traces: 3, max_age_days: 5 })).toBe(2);
    expect((await traces.list(null, 9)).map((trace) => trace.id)).toEqual(["d9", "d8", "d7"]);
    expect(await traces.spans({ id: "d1", owner: "u1" })).toEqual([]);
    expect(await traces.prune({ max_traces: 3, max_age_days: 5 })).toBe(0);
  });

  it("goes with its thread", async () => {
    const store = await database.open();
    await store.threads.touch("user:ada", "t1", "chat");
    await store.traces.append([aPiece(), aPiece({ id: "b".repeat(32), thread_id: "t2" })]);
    expect(await store.deleteThread("user:ada", "t1")).toBe(true);
    expect((await store.traces.list(null, 9)).map((trace) => trace.thread_id)).toEqual(["t2"]);
    expect(await store.traces.spans({ id: "a".repeat(32), owner: "u1" })).toEqual([]);
  });

  it("does not come back with pieces that arrive behind the end of its thread or response", async () => {
    const store = await database.open();
    const started_at = Date.now() - 60_000;
    await store.threads.touch("user:ada", "t1", "chat");
    const child = { ...LATER, started_at, piece: "p0", spans: [{ name: "child" }] };
    const [begun, told, answered, unheard] = ["a", "b", "c", "d"].map((letter) => letter.repeat(32));
    await store.traces.append([aPiece({ ...child, id: begun }), aPiece({ id: told, started_at })]);
    await store.responses.save(aResponse({ id: "resp_3", thread_id: "t2" }));
    expect(await store.deleteThread("user:ada", "t1")).toBe(true);
    expect(await store.responses.delete("user:ada", "resp_3")).toBe(true);
    await store.traces.append([
      aPiece({ id: begun, started_at }),
      aPiece({ ...child, id: told }),
      aPiece({ id: answered, thread_id: "t2", response_id: "resp_3", started_at }),
      aPiece({ ...child, id: answered }),
      aPiece({ id: unheard, started_at }),
      aPiece({ ...child, id: unheard }),
    ]);
    expect(await store.traces.list(null, 9)).toEqual([]);
    expect(await store.traces.spans({ id: begun ?? "", owner: "u1" })).toEqual([]);
    const again = { id: "e".repeat(32), response_id: "resp_4", started_at: Date.now() + 60_000 };
    await store.traces.append([aPiece(again)]);
    expect((await store.traces.list(null, 9)).map(({ thread_id }) => thread_id)).toEqual(["t1"]);
  });

  it.each(["its thread", "its response"])(
    "leaves what another owner has under the same trace id when %s goes",
    async (gone) => {
      const store = await database.open();
      const started_at = Date.now() - 60_000;
      await store.threads.touch("user:ada", "t1", "chat");
      await store.responses.save(aResponse({ id: "resp_1", owner: "user:ada", thread_id: "t1" }));
      const other = { owner: "u2", thread_id: "t9", response_id: "resp_9", started_at };
      await store.traces.append([aPiece({ started_at }), aPiece({ ...other, piece: "p2" })]);
      if (gone === "its thread") await store.deleteThread("user:ada", "t1");
      else await store.responses.delete("user:ada", "resp_1");
      await store.traces.append([aPiece({ ...other, piece: "p3" })]);
      expect((await store.traces.list(null, 9)).map(({ owner }) => owner)).toEqual(["u2"]);
      expect(await store.traces.spans({ id: aPiece().id, owner: "u2" })).toHaveLength(2);
    },
  );
});
