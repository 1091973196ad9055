/** What a caller is told when the database fails: whether trying again helps, and nothing of paths and hosts. */
import { StoreError } from "../store/store-error.ts";
import { RequestError } from "./errors.ts";

/** Seconds after which a database that was locked, full or gone may be back. */
export const RETRY_AFTER_S = "5";

export const STORE_UNAVAILABLE =
  "The database of this server cannot be used right now. Nothing was lost that was answered before; try again.";

/** Null when the error is not the database's. The log keeps the cause with its fix. */
export function storeProblem(error: unknown): RequestError | null {
  if (!(error instanceof StoreError) || !error.temporary) return null;
  return new RequestError("unavailable", STORE_UNAVAILABLE, {
    headers: { "retry-after": RETRY_AFTER_S },
    cause: error,
  });
}
