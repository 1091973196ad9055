/** A process that is about to end takes no new runs. */
import { RequestError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";

export function refuseWhenDraining({ services }: Exchange): void {
  if (!services.background.draining.aborted) return;
  throw new RequestError("unavailable", "This server is about to stop.", { headers: { "retry-after": "1" } });
}
