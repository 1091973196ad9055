/** A background run as it is kept for whichever process runs it. No secrets: the caller's token stays out. */
import { z } from "zod";
import type { Json } from "../../backends/backend.ts";
import type { PreparedTurn } from "../responses/prepare-turn.ts";
import { BackendItems } from "../responses/request-schema.ts";
import type { ResponseBody } from "../responses/response-body.ts";

const isObject = (value: unknown) => typeof value === "object" && value !== null;

/** Written by this program alone, so the big parts are only told apart from nothing. */
const BackgroundJob = z.object({
  turn: z.custom<PreparedTurn>(isObject),
  /** The response as it stands at the start. */
  body: z.custom<ResponseBody>(isObject),
  backend_items: BackendItems,
  extra_events: z.boolean(),
  return_trace: z.boolean(),
  email: z.string().nullable(),
  /** Epoch milliseconds; holds over all processes together. */
  deadline: z.number(),
});
export type BackgroundJob = z.infer<typeof BackgroundJob>;

export function jobToJson(job: BackgroundJob): Json {
  return JSON.parse(JSON.stringify(job)) as Json;
}

export function jobOf(request: Json): BackgroundJob {
  return BackgroundJob.parse(request);
}
