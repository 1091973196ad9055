/**
 * `npm run bench:threads [-- <turns> <repetitions>]`: bytes and milliseconds per turn along one conversation, on SQLite
 * and PostgreSQL. Turns of the long conversation take turns with those of a fresh one, so that what else the machine
 * does falls on both; the ratios of all repetitions are summed up by their median.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";
import type { Store } from "../../store/store.ts";
import { startPostgres, withoutPostgres } from "../store/postgres-server.ts";
import { conversation, keptCheckpoints, middle, type TurnCost } from "./growth.ts";

const [turns = 1_000, repetitions = 1] = process.argv.slice(2).map(Number);
if (![turns, repetitions].every((number) => Number.isInteger(number) && number > 0)) {
  console.error("npm run bench:threads [-- <turns, 1000> <repetitions, 1>]");
  process.exit(process.argv.includes("--help") ? 0 : 1);
}
/** Turns of each conversation that are compared. */
const COMPARED = 20;

type Persistence = { kind: "sqlite" | "postgres"; [key: string]: unknown };

/** By kind and turn, one per repetition. */
const ratios = new Map<string, TurnCost[]>();
const folder = mkdtempSync(join(tmpdir(), "orchestrator-growth-"));
const server = withoutPostgres() ? null : await startPostgres();
for (let nth = 0; nth < repetitions; nth += 1) {
  await measure({ kind: "sqlite", path: join(folder, `${nth}.db`) });
  if (server !== null) await measure({ kind: "postgres", url: server.url, schema: `growth_${nth}` });
}
await server?.stop();
rmSync(folder, { recursive: true, force: true });
for (const [place, found] of ratios) {
  const { bytes, ms, cpu_ms } = middle(found);
  const medians = `${bytes.toFixed(2)} of the bytes, ${ms.toFixed(2)} of the time, ${cpu_ms.toFixed(2)} of the CPU`;
  say(`${place} against turn 10 of a fresh conversation, median of ${found.length}: ${medians}`);
}

async function measure(persistence: Persistence): Promise<void> {
  const store = await createStore(PersistenceConfig.parse(persistence), { env: {} });
  // The program itself gets faster while it warms up.
  const warm = conversation(store, "warm");
  for (let turn = 0; turn < 50; turn += 1) await warm();
  const next = conversation(store, "long");
  let turn = 0;
  for (const mark of [10, 100, 1_000].filter((at) => at <= turns)) {
    for (; turn < mark - COMPARED / 2; turn += 1) await next();
    const [long, fresh] = await sideBySide(store, mark, next);
    turn += COMPARED;
    remember(`${persistence.kind}: turn ${mark}`, long, fresh);
  }
  const sizes = Object.values(await store.sizes()).reduce((sum, size) => sum + size, 0);
  const kept = await keptCheckpoints(store, "long");
  say(`${persistence.kind}: after ${turn} turns ${kept} checkpoints, ${sizes} bytes on disk`);
  await store.close();
}

async function sideBySide(
  store: Store,
  mark: number,
  next: () => Promise<TurnCost>,
): Promise<[long: TurnCost, fresh: TurnCost]> {
  const other = conversation(store, `fresh-${mark}`);
  const long: TurnCost[] = [];
  const fresh: TurnCost[] = [];
  for (let pair = 0; pair < COMPARED; pair += 1) {
    const longFirst = pair % 2 === 0;
    if (longFirst) long.push(await next());
    fresh.push(await other());
    if (!longFirst) long.push(await next());
  }
  return [middle(long), middle(fresh)];
}

function remember(place: string, long: TurnCost, fresh: TurnCost): void {
  const over = (key: keyof TurnCost) => long[key] / fresh[key];
  const found = { bytes: over("bytes"), ms: over("ms"), cpu_ms: over("cpu_ms") };
  ratios.set(place, [...(ratios.get(place) ?? []), found]);
  const times = `${beside(long.ms, fresh.ms)}; of this process ${beside(long.cpu_ms, fresh.cpu_ms)}`;
  say(`${place}: ${long.bytes} bytes written, ${times}`);
}

function beside(long: number, fresh: number): string {
  return `${long.toFixed(1)} ms (turn 10 of a fresh one: ${fresh.toFixed(1)}, ratio ${(long / fresh).toFixed(2)})`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
