/** From a JSON value to a request that can be run, or to the error that names what is wrong with it. */
import { z } from "zod";
import { RequestError } from "../errors.ts";
import { schemaProblem } from "../schema-problem.ts";
import { INPUT_ITEM_SCHEMAS, type InputItem, type InputItemType } from "./item-schema.ts";
import { CreateRequest } from "./request-schema.ts";

/** Items are checked one by one, by their type, so that an error names the item and not the whole union. */
const Shell = CreateRequest.extend({ input: z.unknown().optional() });

export interface ParseLimits {
  /** Most items of `input`. */
  input_items: number;
}

export type ParsedRequest = Omit<CreateRequest, "input"> & { input: InputItem[] };

export function parseRequest(body: unknown, limits: ParseLimits): ParsedRequest {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new RequestError("invalid_type", "The body must be a JSON object.");
  }
  refuseHostedTools(body);
  const shell = Shell.safeParse(body);
  if (!shell.success) throw schemaProblem(shell.error, body);
  const input = parseInput(shell.data.input, limits);
  const request = { ...shell.data, input };
  refuseContradictions(request);
  return request;
}

function parseInput(input: unknown, limits: ParseLimits): InputItem[] {
  if (input === undefined || input === null) {
    throw new RequestError("missing_required_parameter", "Missing required parameter: 'input'.", {
      param: "input",
    });
  }
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  return parseItems(input, "input", limits.input_items);
}

/** Also for items that come without a request, as in conversations. */
export function parseItems(items: unknown, param: string, most: number): InputItem[] {
  if (!Array.isArray(items)) {
    const expected = param === "input" ? "a string or an array of items" : "an array of items";
    throw new RequestError("invalid_type", `Invalid '${param}': expected ${expected}.`, { param });
  }
  if (items.length > most) {
    throw new RequestError("invalid_value", `Invalid '${param}': more than ${most} items.`, { param });
  }
  return items.map((item, index) => parseItem(item, `${param}[${index}]`));
}

function parseItem(item: unknown, at: string): InputItem {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw new RequestError("invalid_type", `Invalid '${at}': expected an object.`, { param: at });
  }
  const type = "type" in item && item.type !== undefined ? item.type : "message";
  if (!isItemType(type)) {
    throw new RequestError("invalid_value", `Invalid '${at}.type': no such item type.`, {
      param: `${at}.type`,
    });
  }
  const parsed = INPUT_ITEM_SCHEMAS[type].safeParse(item);
  if (!parsed.success) throw schemaProblem(parsed.error, item, at);
  return parsed.data;
}

function isItemType(type: unknown): type is InputItemType {
  return typeof type === "string" && Object.hasOwn(INPUT_ITEM_SCHEMAS, type);
}

/** `web_search`, `mcp` and their like run at OpenAI, not here; saying so beats "invalid value". */
function refuseHostedTools(body: object): void {
  const tools = "tools" in body && Array.isArray(body.tools) ? body.tools : [];
  const index = tools.findIndex(
    (tool: unknown) =>
      typeof tool === "object" &&
      tool !== null &&
      "type" in tool &&
      typeof tool.type === "string" &&
      tool.type !== "function",
  );
  if (index === -1) return;
  const param = `tools[${index}].type`;
  throw new RequestError(
    "unsupported_parameter",
    `Unsupported '${param}': only function tools are supported.`,
    {
      param,
    },
  );
}

function refuseContradictions(request: ParsedRequest): void {
  if (request.previous_response_id && request.conversation) {
    throw new RequestError(
      "mutually_exclusive_parameters",
      "'previous_response_id' and 'conversation' cannot be used together.",
      { param: "previous_response_id" },
    );
  }
  if (request.background === true && request.store === false) {
    throw new RequestError(
      "mutually_exclusive_parameters",
      "'background' needs a stored response: leave 'store' out.",
      { param: "background" },
    );
  }
}
