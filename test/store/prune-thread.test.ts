import { describe, expect, it } from "vitest";
import type { Statement } from "../../store/database.ts";
import { pruneThread } from "../../store/prune-thread.ts";
import { openSqlite } from "../../store/sqlite.ts";
import { sqliteDatabase } from "../../store/sqlite-database.ts";
import { useDatabase } from "./databases.ts";
import { recorded } from "./recorded.ts";

describe("sqlite: pruning after a turn", () => {
  const database = useDatabase("sqlite");

  it("looks at the checkpoints that came since the last time by their key, and at no others of the thread", async () => {
    await database.open();
    const connection = openSqlite(database.config().path);
    const put = connection.prepare(
      `INSERT INTO checkpoints (thread_id, checkpoint_id, metadata) VALUES ('t', ?, '{"source":"input"}')`,
    );
    for (const id of ["1", "2", "3"]) put.run(id);
    const sent: Statement[] = [];
    expect(await pruneThread(recorded(sqliteDatabase(connection, Date.now), sent), "t", 2, false)).toBe(1);
    const plans = sent.flatMap(({ sql, values }) =>
      connection.prepare(`EXPLAIN QUERY PLAN ${sql.replaceAll("@", "")}`).all(...values),
    );
    connection.close();
    const steps = plans.map(({ detail }) => String(detail));
    const looks = steps.filter((step) => /^(SEARCH|SCAN) (?!threads)/.test(step));
    const since = "checkpoint_id>? AND checkpoint_id<?";
    expect(looks.map((step) => step.replace(/USING .*(?=\()/, ""))).toEqual([
      "SEARCH checkpoints (thread_id=? AND checkpoint_ns=? AND checkpoint_id>?)",
      `SEARCH checkpoints (thread_id=? AND checkpoint_ns=? AND ${since})`,
      `SEARCH r (thread_id=? AND ${since})`,
      `SEARCH writes (thread_id=? AND checkpoint_ns=? AND ${since})`,
      `SEARCH r (thread_id=? AND ${since})`,
    ]);
  });
});
