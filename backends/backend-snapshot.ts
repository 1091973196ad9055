/** The present state of one backend's traffic, for `/ready` and `/metrics`. */
import type { BackendKind } from "../config/schema.ts";
import type { BackendErrorCode } from "./errors.ts";
import type { BreakerState } from "./http/breaker.ts";

export interface BackendSnapshot {
  name: string;
  kind: BackendKind;
  identity: "user" | "app";
  breaker: BreakerState;
  /** Questions under way, and waiting for a place. */
  active: number;
  waiting: number;
  /** Questions since the start. */
  asked: number;
  answered: number;
  failed: number;
  cached: number;
  /** HTTP calls since the start, repeats included, and the repeats alone. */
  calls: number;
  retries: number;
  /** Failed calls by code. */
  failures: Partial<Record<BackendErrorCode, number>>;
}
