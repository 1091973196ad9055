/** Reads an agent's reply, streamed or whole, to its very end (contracts section 1, trap 1). */
import type { Json } from "../backend.ts";
import { fault } from "../fault.ts";
import type { Reply } from "../http/reply.ts";
import { asObject, parseJson } from "../json-fields.ts";
import { createCollector, type Collected } from "./collector.ts";

/** Throws `BackendError`: `failed` for error frames, `interrupted` for a cut stream, `malformed` for other content. */
export async function readResponses(
  backend: string,
  reply: Reply,
  onText: (delta: string) => void,
): Promise<Collected> {
  const collector = createCollector(backend, onText);
  if (!reply.isEventStream) {
    collector.body(objectOf(backend, await reply.json()));
    return collector.result();
  }
  let done = false;
  await reply.events(({ data }) => {
    if (data === "[DONE]") done = true;
    else if (data !== "") collector.frame(objectOf(backend, parseJson(data)));
  });
  if (!done && !collector.complete()) throw fault("interrupted", { backend });
  const collected = collector.result();
  if (!done && collected.messages.length === 0) throw fault("interrupted", { backend });
  return collected;
}

function objectOf(backend: string, value: Json | undefined) {
  const object = asObject(value);
  if (object === null) throw fault("malformed", { backend });
  return object;
}
