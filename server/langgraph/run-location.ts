/** The header from which LangGraph's SDK learns the id of a new run. */
import type { Exchange } from "../exchange.ts";
import type { PlannedRun } from "./plan-run.ts";
import { asUuid } from "./uuid.ts";

export function runLocation({ res }: Exchange, { turn }: PlannedRun): void {
  const run = `/runs/${asUuid(turn.run_id)}`;
  res.setHeader(
    "content-location",
    turn.store ? `/threads/${encodeURIComponent(turn.thread_key)}${run}` : run,
  );
}
