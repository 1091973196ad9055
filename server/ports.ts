/** What of the store the server uses; the shapes are declared there. Every method is scoped by owner. */
import type { ResponseTable } from "../store/responses.ts";
import type { Store } from "../store/store.ts";
import type { ThreadStore } from "../store/threads.ts";

type Used =
  | "conversations"
  | "turns"
  | "runs"
  | "events"
  | "idempotency"
  | "beginRun"
  | "withThread"
  | "isHeld"
  | "forgetThread"
  | "deleteThread";

export interface ResponseStore extends Pick<Store, Used> {
  readonly responses: Pick<ResponseTable, "save" | "get" | "list" | "delete">;
  readonly threads: Pick<ThreadStore, "touch" | "get" | "list">;
}
