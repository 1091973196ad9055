/** A run whose client waits for the values that it ends with. */
import type { StateSnapshot } from "@langchain/langgraph";
import type { Exchange } from "../exchange.ts";
import type { PlannedRun } from "./plan-run.ts";
import { runLocation } from "./run-location.ts";
import { runPlanned } from "./run-planned.ts";
import { errorData } from "./stream-run.ts";
import { valuesOf } from "./thread-state.ts";
import { wireJson } from "./wire-json.ts";

/** A failure comes as `__error__` under status 200: a status that clients repeat would ask every backend again. */
export async function waitRun(exchange: Exchange, planned: PlannedRun): Promise<void> {
  const { res, services } = exchange;
  let last: StateSnapshot | null = null;
  let beat: NodeJS.Timeout | undefined;
  try {
    const failure = await runPlanned(exchange, planned, {
      open: () => {
        runLocation(exchange, planned);
        res.status(200).type("application/json");
        // Spaces before the value: proxies cut connections that stay silent.
        beat = setInterval(() => res.write("\n"), services.config.server.keep_alive_ms);
      },
      watch: {
        modes: ["updates"],
        chunk: () => {},
        event: () => {},
        ended: (snapshot) => {
          last = snapshot;
        },
      },
    });
    const values = failure === null ? valuesOf(last) : { __error__: errorData(failure) };
    res.end(wireJson(values, planned.thread));
  } finally {
    clearInterval(beat);
  }
}
