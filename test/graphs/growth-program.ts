/** `npm run bench:threads`: bytes and milliseconds per turn along one conversation, on SQLite and PostgreSQL. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";
import { startPostgres, withoutPostgres } from "../store/postgres-server.ts";
import { around, converse, keptCheckpoints } from "./growth.ts";

const turns = Number(process.argv[2] ?? 1_000);
const folder = mkdtempSync(join(tmpdir(), "orchestrator-growth-"));
await measure({ kind: "sqlite", path: join(folder, "long.db") });
if (!withoutPostgres()) {
  const server = await startPostgres();
  await measure({ kind: "postgres", url: server.url, schema: "growth" });
  await server.stop();
}
rmSync(folder, { recursive: true, force: true });

async function measure(persistence: { kind: string; [key: string]: unknown }): Promise<void> {
  const store = await createStore(PersistenceConfig.parse(persistence), { env: {} });
  const costs = await converse(store, turns);
  const sizes = Object.values(await store.sizes()).reduce((sum, size) => sum + size, 0);
  for (const turn of [10, 100, 1_000].filter((at) => at <= turns)) {
    const { bytes, ms } = around(costs, turn);
    say(`${persistence.kind}: turn ${turn}: ${bytes} bytes written, ${ms.toFixed(1)} ms`);
  }
  const kept = await keptCheckpoints(store);
  say(`${persistence.kind}: after ${turns} turns ${kept} checkpoints, ${sizes} bytes on disk`);
  await store.close();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
