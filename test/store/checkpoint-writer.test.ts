import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { checkpointWriter } from "../../store/checkpoint-writer.ts";
import type { HeldLock } from "../../store/held-lock.ts";
import { openSqlite } from "../../store/sqlite.ts";

function open() {
  const connection = openSqlite(":memory:");
  connection.exec("CREATE TABLE thread_locks (thread_id TEXT, fence INTEGER); CREATE TABLE kept (word TEXT)");
  connection.exec("INSERT INTO thread_locks VALUES ('t1', 7)");
  const commits: string[] = [];
  const watched: typeof connection = {
    ...connection,
    transaction: (work) => {
      const run = connection.transaction(work);
      return (...args) => {
        commits.push("begin");
        return run(...args);
      };
    },
  };
  const held = new AsyncLocalStorage<HeldLock>();
  const write = checkpointWriter(watched, held);
  const words = () =>
    connection
      .prepare("SELECT word FROM kept ORDER BY rowid")
      .all()
      .map((row) => row["word"]);
  const keep = (word: string) => write([["INSERT INTO kept VALUES (?)", [word]]]);
  return { write, keep, words, commits, held };
}

describe("the writer of checkpoints", () => {
  it("commits what comes in one turn of the event loop at once, and says so afterwards", async () => {
    const { keep, words, commits } = open();
    const first = keep("a").then(() => words());
    const second = keep("b");
    expect(words()).toEqual([]);
    expect(await first).toEqual(["a", "b"]);
    await second;
    await keep("c");
    expect(commits).toHaveLength(2);
  });

  it("commits in several groups what would hold up everything else", async () => {
    const { keep, words, commits } = open();
    const all = Array.from({ length: 20 }, (_, i) => keep(String(i)));
    await all[0];
    expect(words()).toHaveLength(8);
    await Promise.all(all);
    expect(words()).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
    expect(commits).toHaveLength(3);
  });

  it("writes nothing for a run that has lost its thread, and everything for the others", async () => {
    const { keep, words, held } = open();
    const stale = held.run({ thread_id: "t1", fence: 6 }, () => keep("stale"));
    const owner = held.run({ thread_id: "t1", fence: 7 }, () => keep("owner"));
    await expect(stale).rejects.toMatchObject({ code: "lease_lost" });
    await owner;
    expect(words()).toEqual(["owner"]);
  });

  it("keeps one run's failure to that run", async () => {
    const { write, keep, words } = open();
    const broken = write([
      ["INSERT INTO kept VALUES (?)", ["half"]],
      ["INSERT INTO nowhere VALUES (?)", ["x"]],
    ]);
    const fine = keep("fine");
    await expect(broken).rejects.toThrow(/nowhere/);
    await fine;
    expect(words()).toEqual(["fine"]);
  });
});
