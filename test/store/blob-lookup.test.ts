import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { Client, type Pool } from "pg";
import { describe, expect, it } from "vitest";
import { lookUpBlobs } from "../../store/blob-lookup.ts";
import { NO_POSTGRES, useDatabase } from "./databases.ts";

interface PlanNode {
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  Plans?: PlanNode[];
}

describe.skipIf(NO_POSTGRES)("the values of a checkpoint", () => {
  const database = useDatabase("postgres");

  it("are found by their key, without a look at the others of the thread, before any statistics are there", async () => {
    const store = await database.open();
    const { schema, url } = database.config();
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(
      `INSERT INTO ${schema}.checkpoint_blobs SELECT 't', '', 'c' || n % 20, (n / 20)::text, 'json', '1'
       FROM generate_series(0, 9999) AS n`,
    );
    const versions = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`c${n}`, "499"]));
    await client.query(
      `INSERT INTO ${schema}.checkpoints (thread_id, checkpoint_id, checkpoint) VALUES ('t', '1', $1)`,
      [{ v: 4, id: "1", channel_versions: versions }],
    );
    const sql = await asTheSaverSendsIt(schema);
    const read = async (text: string) => {
      const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, ["t", ""]);
      return valuesRead((rows[0] as { "QUERY PLAN": { Plan: PlanNode }[] })["QUERY PLAN"][0]?.Plan);
    };
    expect(await read(sql)).toBe(10_000);
    expect(await read(lookUpBlobs(sql))).toBe(20);
    const tuple = await store.checkpointer.getTuple({ configurable: { thread_id: "t" } });
    expect(tuple?.checkpoint.channel_values).toMatchObject({ c0: 1, c19: 1 });
    await client.end();
  });
});

async function asTheSaverSendsIt(schema: string): Promise<string> {
  let sent = "";
  const query = async (text: string) => {
    sent = text;
    return { rows: [] };
  };
  await new PostgresSaver({ query } as Partial<Pool> as Pool, undefined, { schema }).getTuple({
    configurable: { thread_id: "t" },
  });
  return sent;
}

function valuesRead(node: PlanNode | undefined): number {
  if (node === undefined) return 0;
  const here = node["Relation Name"] === "checkpoint_blobs" ? node["Actual Rows"] * node["Actual Loops"] : 0;
  return (node.Plans ?? []).reduce((sum, each) => sum + valuesRead(each), here);
}
