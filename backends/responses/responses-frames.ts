/** Frames and bodies of the Responses form (contracts section 1). */
import type { Json } from "../backend.ts";
import { asList, asObject, asText, type JsonObject } from "../json-fields.ts";
import { gatherDetails, type Gathering } from "./gathering.ts";
import { addUsage, readTokenUsage } from "./token-usage.ts";

/** Types that are not listed carry nothing that is needed: reasoning, function calls and their outputs. */
export function gatherTypedFrame(into: Gathering, type: string, frame: JsonObject): void {
  const id = asText(frame["item_id"]);
  switch (type) {
    case "response.output_text.delta":
      into.cycle_has_text = true;
      into.messages.delta(id, asText(frame["delta"]) ?? "");
      break;
    case "response.created":
      into.cycle_has_text = false;
      break;
    case "response.output_item.added":
      openMessage(into, asObject(frame["item"]));
      break;
    case "response.output_text.done":
      into.cycle_has_text = true;
      into.messages.part(id, asText(frame["text"]) ?? "");
      break;
    case "response.output_text.annotation.added":
      into.messages.annotation(id, frame["annotation"] ?? null);
      break;
    case "response.output_item.done":
      gatherDetails(into, frame);
      gatherItem(into, frame["item"]);
      break;
    case "response.completed":
    case "response.incomplete":
      gatherResponse(into, asObject(frame["response"]) ?? {});
      break;
    default:
      gatherDetails(into, frame);
  }
}

/** A response object: a whole body, or what `response.completed` carries. */
export function gatherResponse(into: Gathering, response: JsonObject): void {
  // Its items repeat what the frames of this cycle brought.
  if (!into.cycle_has_text) for (const item of asList(response["output"])) gatherItem(into, item);
  into.usage = addUsage(into.usage, readTokenUsage(response["usage"]));
  into.model ??= asText(response["model"]) ?? undefined;
  into.response_id ??= asText(response["id"]) ?? undefined;
  gatherDetails(into, response);
  into.ended = true;
  into.cycle_has_text = false;
}

function openMessage(into: Gathering, item: JsonObject | null): void {
  if (item?.["type"] === "message") into.messages.open(asText(item["id"]));
}

function gatherItem(into: Gathering, value: Json | undefined): void {
  const item = asObject(value);
  if (item === null || asText(item["role"]) === "user") return;
  const untyped = item["type"] === undefined && item["content"] !== undefined;
  if (item["type"] !== "message" && !untyped) return;
  into.cycle_has_text = true;
  into.messages.done(item);
}
