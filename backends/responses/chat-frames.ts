/** Frames and bodies with `choices`, `messages` or `predictions` (contracts sections 4 and 5). */
import type { Json } from "../backend.ts";
import { asList, asObject, asObjects, asText, type JsonObject } from "../json-fields.ts";
import { contentText } from "../models/content-text.ts";
import { gatherDetails, type Gathering } from "./gathering.ts";
import { readTokenUsage } from "./token-usage.ts";

/** A chunk (`delta`) or a whole chat completion (`message`). */
export function gatherChoices(into: Gathering, frame: JsonObject): void {
  const choice = asObject(asList(frame["choices"])[0]);
  const message = asObject(choice?.["message"]);
  if (message !== null) gatherMessage(into, message);
  const text = contentText(asObject(choice?.["delta"])?.["content"]);
  if (text !== "") into.messages.delta(null, text);
  if (asText(choice?.["finish_reason"]) !== null) into.ended = true;
  into.usage = readTokenUsage(frame["usage"]) ?? into.usage;
  into.model ??= asText(frame["model"]) ?? undefined;
  gatherDetails(into, frame);
}

/** A ChatAgent's whole answer. */
export function gatherMessages(into: Gathering, body: JsonObject): void {
  for (const message of asObjects(body["messages"])) gatherMessage(into, message);
  into.usage = readTokenUsage(body["usage"]);
  gatherDetails(into, body);
}

/** A ChatAgent's chunk: `{id, delta: {role, content, id}}`. */
export function gatherAgentDelta(into: Gathering, delta: JsonObject): void {
  if (asText(delta["role"]) !== "tool")
    into.messages.delta(asText(delta["id"]), contentText(delta["content"]));
}

/** The old form of agents: a chat completion inside of `predictions`. */
export function gatherPredictions(into: Gathering, body: JsonObject): void {
  const predictions: Json = body["predictions"] ?? null;
  const first = asObject(asList(predictions)[0]) ?? asObject(predictions);
  if (first?.["choices"] !== undefined) gatherChoices(into, first);
  else into.custom_outputs["predictions"] = predictions;
  gatherDetails(into, body);
}

function gatherMessage(into: Gathering, message: JsonObject): void {
  const role = asText(message["role"]);
  const text = contentText(message["content"]);
  if ((role !== null && role !== "assistant") || text === "") return;
  into.annotations.push(...asList(message["citations"]), ...asList(message["annotations"]));
  into.messages.done({ ...message, content: text });
  into.ended = true;
}
