/** A process of its own that writes until it is killed and says after each acknowledged round which one it was. */
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";
import { StoreError } from "../../store/store-error.ts";
import { aRun, aTurn } from "./records.ts";

const [config = "{}", name = "writer", rounds = "1000000", pauseIn = "-1"] = process.argv.slice(2);
/** A writer that will be paused has a short lease, so that others need not wait for ten seconds. */
const sessionTimes = pauseIn === "-1" ? undefined : { leaseMs: 400, heartbeatMs: 80 };
const signal = new AbortController().signal;

/** Leaves with the error's code, so that whoever started this process sees why it ended. */
process.on("uncaughtException", (error) => {
  process.stderr.write(`${error instanceof StoreError ? error.code : error.stack}\n`);
  process.exit(3);
});

const store = await createStore(PersistenceConfig.parse(JSON.parse(config)), { env: {}, sessionTimes });
await store.runs.create(aRun({ id: name, response_id: name }));
const lease = await store.runs.claim(name);
if (lease === null) throw new Error("The run was not free.");

for (let round = 0; round < Number(rounds); round += 1) {
  await store.withThread(name, { wait: true, signal }, async () => {
    const at = { configurable: { thread_id: name, checkpoint_ns: "" } };
    const id = String(round).padStart(8, "0");
    const checkpoint = { v: 4, id, ts: "", channel_values: {}, channel_versions: {}, versions_seen: {} };
    await store.checkpointer.put(at, checkpoint, { source: "input", step: round, parents: {} }, {});
    if (round === Number(pauseIn)) {
      process.stdout.write("pausing\n");
      process.kill(process.pid, "SIGSTOP");
    }
    await store.turns.append(aTurn({ thread_id: name, response_id: `${name}-${round}` }));
    await store.events.append(lease, [{ sequence_number: round, event: "{}" }]);
  });
  process.stdout.write(`${round}\n`);
}
await store.close();
