/** A supervisor's run in the background: begun or picked up, then polled to its end (contracts section 10). */
import type { Json } from "../backend.ts";
import type { Asking } from "../create-backend.ts";
import { fault } from "../fault.ts";
import { pollWaitMs } from "../genie/poll-waits.ts";
import type { Channel } from "../http/channel.ts";
import type { ChannelRequest } from "../http/request.ts";
import { asObject, asText, type JsonObject } from "../json-fields.ts";
import type { Services } from "../services.ts";

/** The documented interval; the first looks come sooner. */
const LONGEST_POLL_MS = 2_000;

/** Returns the response in its last state. `create` begins the run; its ids are handed over before polling. */
export async function runInBackground(
  channel: Channel,
  services: Services,
  asking: Asking,
  create: ChannelRequest,
): Promise<JsonObject> {
  const { call, scope } = asking;
  const read = async (request: ChannelRequest): Promise<JsonObject> => {
    const value = asObject(await channel.call(scope, request, (reply) => reply.json()));
    if (value === null) throw fault("malformed", { backend: channel.name });
    return value;
  };

  const resumed = resumedId(asking);
  let response: JsonObject = resumed === null ? await read(create) : { id: resumed, status: "queued" };
  const id = asText(response["id"]);
  if (id === null) throw fault("malformed", { backend: channel.name });
  if (resumed === null) await call.onPending({ response_id: id, subject: call.caller.subject });
  const url = `${create.url}/${encodeURIComponent(id)}`;
  for (let look = 0; isRunning(response["status"]); look += 1) {
    const status = asText(response["status"]) ?? "queued";
    call.onProgress({ status, message: `${channel.name} is working on the question.` });
    await services.clock.sleep(Math.min(LONGEST_POLL_MS, pollWaitMs(look, services.random)), scope.signal);
    response = await read({ operation: "responses.poll", method: "GET", url });
  }
  return response;
}

function isRunning(status: Json | undefined): boolean {
  return status === "queued" || status === "in_progress";
}

function resumedId({ request, call }: Asking): string | null {
  const handle = asObject(request.resume);
  return asText(handle?.["subject"]) === call.caller.subject ? asText(handle?.["response_id"]) : null;
}
