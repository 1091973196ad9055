import { describe, expect, it } from "vitest";
import { KINDS, useDatabase } from "../store/databases.ts";
import { around, converse, keptCheckpoints } from "./growth.ts";

describe.concurrent.each(KINDS)("%s: a conversation of 80 turns", (kind) => {
  const database = useDatabase(kind, { retention: { checkpoint_turns: 5 } });

  it("writes as much for its last turns as for its early ones, and keeps few checkpoints besides those of its answers", async () => {
    const store = await database.open();
    const costs = await converse(store, "long", 80);
    // At turn 30 the window and the rolling summary are full; `npm run bench:threads` goes on to turn 1,000.
    const [early, late] = [around(costs, 30).bytes, around(costs, 80).bytes];
    expect(late / early).toBeGreaterThan(0.8);
    expect(late / early).toBeLessThan(1.2);
    const perTurn = 10;
    expect(await keptCheckpoints(store, "long")).toBeLessThanOrEqual(5 * perTurn + 80);
    expect(await store.turns.list("user:ada@example.com", "long", 1_000)).toHaveLength(80);
  }, 120_000);
});
