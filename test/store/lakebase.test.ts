import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databasePassword } from "../../backends/auth/database-credential.ts";
import { createStore } from "../../store/create-store.ts";
import { manualClock } from "../backends/manual-clock.ts";
import { KINDS, openWorkspace, type Workspace } from "../backends/workspace.ts";
import { NO_POSTGRES, useDatabase } from "./databases.ts";
import { aTurn } from "./records.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace([KINDS.docs]);
});
afterAll(() => workspace.stop());

/** The server takes only the newest credential for new connections, as Lakebase takes only one that has not expired. */
describe.skipIf(NO_POSTGRES)("a database whose password is a credential for an hour", () => {
  const database = useDatabase("postgres", { pool_max: 4 });

  it("keeps its open connections over the rotation, and opens new ones with one new credential", async () => {
    const { url = "", schema } = database.config();
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query(`CREATE ROLE app LOGIN; GRANT CREATE ON DATABASE postgres TO app`);
    const clock = manualClock(Date.now());
    const endpoint = "projects/p/branches/main/endpoints/primary";
    const password = databasePassword({ endpoint }, { ...workspace.services, clock });
    const rotate = async () => void (await admin.query(`ALTER ROLE app PASSWORD '${await password()}'`));
    await rotate();
    const connections = async () => {
      const { rows } = await admin.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE usename = 'app' ORDER BY pid`,
      );
      return rows.map(({ pid }) => pid);
    };
    const address = new URL(url);
    address.username = "app";
    address.password = "";
    const config = { ...database.config(), url: address.href };
    const store = await createStore(config, { env: {}, password });
    const before = await connections();
    expect(await workspace.calls("postgres")).toHaveLength(1);

    await clock.advance(3_600_000);
    await rotate();
    await store.turns.append(aTurn());
    expect(await connections()).toEqual(before);

    const locking = new Client({ connectionString: url });
    await locking.connect();
    await locking.query(`BEGIN; LOCK TABLE ${schema}.turns`);
    const stuck = [2, 3, 4, 5].map((n) => store.turns.append(aTurn({ response_id: `resp_${n}` })));
    while ((await connections()).length <= before.length) await sleep(20);
    await locking.end();
    await Promise.all(stuck);
    expect(await workspace.calls("postgres")).toHaveLength(2);
    expect(await connections()).toEqual(expect.arrayContaining(before));
    expect(await store.turns.list("user:ada", "thread-1", 9)).toHaveLength(5);
    await store.close();
    await admin.end();
  });
});
