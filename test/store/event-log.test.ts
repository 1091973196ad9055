import { describe, expect, it } from "vitest";
import type { LoggedEvent } from "../../store/event-log.ts";
import type { RunLease } from "../../store/run-lease.ts";
import { KINDS, never, PAUSED, useDatabase } from "./databases.ts";
import { aRun } from "./records.ts";

describe.each(KINDS)("%s: the event log", (kind) => {
  const database = useDatabase(kind);

  it("commits events of many runs in the order in which each was appended", async () => {
    const store = await database.open();
    const leases: RunLease[] = [];
    for (const id of ["a", "b", "c"]) {
      await store.runs.create(aRun({ id, response_id: id }));
      leases.push((await store.runs.claim(id))!);
    }
    const done: string[] = [];
    await Promise.all(
      Array.from({ length: 300 }, async (_, n) => {
        const lease = leases[n % 3]!;
        await store.events.append(lease, [anEvent(Math.floor(n / 3))]);
        done.push(`${lease.run.id}${Math.floor(n / 3)}`);
      }),
    );
    for (const id of ["a", "b", "c"]) {
      expect(await store.events.read(id, -1)).toEqual(Array.from({ length: 100 }, (_, n) => anEvent(n)));
      const order = done.filter((entry) => entry.startsWith(id));
      expect(order).toEqual(Array.from({ length: 100 }, (_, n) => `${id}${n}`));
    }
    expect(await store.events.last("a")).toBe(99);
    expect(await store.events.last("unknown")).toBe(-1);
    expect(await store.events.read("a", 97)).toEqual([anEvent(98), anEvent(99)]);
    expect(await store.events.read("a", 9, 2)).toEqual([anEvent(10), anEvent(11)]);
  });

  it("keeps what is acknowledged when the store is opened again", async () => {
    const first = await database.open();
    await first.runs.create(aRun());
    await first.events.append((await first.runs.claim("1"))!, [anEvent(0), anEvent(1)]);
    await first.close();
    const second = await database.open();
    expect(await second.events.read("1", -1)).toEqual([anEvent(0), anEvent(1)]);
  });

  it("refuses events of a process that lost the run, without holding others up", async () => {
    const loser = await database.open(PAUSED);
    const winner = await database.open();
    await loser.runs.create(aRun({ id: "lost" }));
    await loser.runs.create(aRun({ id: "kept" }));
    const stale = (await loser.runs.claim("lost"))!;
    const kept = (await loser.runs.claim("kept"))!;
    await loser.events.append(stale, [anEvent(0)]);
    await expect.poll(() => winner.runs.claim("lost")).not.toBeNull();
    const [refused, accepted] = await Promise.allSettled([
      loser.events.append(stale, [anEvent(1)]),
      loser.events.append(kept, [anEvent(0)]),
    ]);
    expect(refused).toMatchObject({ status: "rejected", reason: { code: "lease_lost" } });
    expect(accepted.status).toBe("fulfilled");
    expect(await winner.events.read("lost", -1)).toEqual([anEvent(0)]);
  });

  it("refuses events behind the end of a run", async () => {
    const store = await database.open();
    await store.runs.create(aRun());
    const lease = (await store.runs.claim("1"))!;
    await lease.finish("completed");
    await expect(store.events.append(lease, [anEvent(0)])).rejects.toMatchObject({ code: "lease_lost" });
  });

  it("follows a run from any position to its end, here and in another process, without gap or repeat", async () => {
    const [writer, reader] = [await database.open(), await database.open()];
    await writer.runs.create(aRun());
    const lease = (await writer.runs.claim("1"))!;
    await writer.events.append(lease, [anEvent(0), anEvent(1)]);
    const followers = [
      numbers(writer.events.tail("1", -1, never)),
      numbers(writer.events.tail("1", 0, never)),
      numbers(reader.events.tail("1", 5, never)),
    ];
    for (let n = 2; n < 40; n += 1) await writer.events.append(lease, [anEvent(n)]);
    await lease.finish("completed");
    const all = Array.from({ length: 40 }, (_, n) => n);
    expect(await Promise.all(followers)).toEqual([all, all.slice(1), all.slice(6)]);
  });

  it("ends a follower with its signal's reason", async () => {
    const store = await database.open();
    await store.runs.create(aRun());
    const gone = new AbortController();
    const following = numbers(store.events.tail("1", -1, gone.signal));
    gone.abort(new Error("The client went away."));
    await expect(following).rejects.toThrow("The client went away.");
  });
});

function anEvent(sequence_number: number): LoggedEvent {
  return { sequence_number, event: JSON.stringify({ type: "response.output_text.delta", sequence_number }) };
}

async function numbers(events: AsyncGenerator<LoggedEvent>): Promise<number[]> {
  const seen: number[] = [];
  for await (const event of events) seen.push(event.sequence_number);
  return seen;
}
