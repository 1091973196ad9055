/** From a supervisor's finished response to an answer: the history that it repeats is left out. */
import type { AnswerDraft } from "../answer-draft.ts";
import type { Json } from "../backend.ts";
import { fault } from "../fault.ts";
import { asList, asObject, type JsonObject } from "../json-fields.ts";
import { agentDraft } from "../responses/agent-draft.ts";
import { createCollector } from "../responses/collector.ts";

export function responseDraft(
  backend: string,
  host: string,
  response: JsonObject,
  payload: Json,
  onText: (delta: string) => void,
): AnswerDraft {
  if (response["status"] === "cancelled") throw fault("failed", { backend }, "its run was cancelled");
  const output = ownItems(asList(response["output"]));
  if (output.some((item) => asObject(item)?.["type"] === "mcp_approval_request")) {
    throw fault(
      "rejected",
      { backend },
      "one of its tools asks for an approval, which only its own page can give",
    );
  }
  const collector = createCollector(backend, onText);
  collector.body({ ...response, output });
  return agentDraft(collector.result(), payload, host);
}

/** The output repeats the history in front of the answer; what follows the last user message is new. */
function ownItems(output: Json[]): Json[] {
  const last = output.findLastIndex((item) => asObject(item)?.["role"] === "user");
  return output.slice(last + 1);
}
