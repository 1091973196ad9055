/** What headers and route decide about the form of an answer, beside the body. */
import type { Exchange } from "../exchange.ts";
import { RequestError } from "../errors.ts";
import type { ParsedRequest } from "./parse-request.ts";
import { BackendItems } from "./request-schema.ts";

export interface ResponseWishes {
  stream: boolean;
  backendItems: BackendItems;
  /** Our own page asks for `orchestrator.*` events (DESIGN, "Progress for our own page"). */
  extraEvents: boolean;
  /** The trace's id in `metadata`, and in a stream as a frame of its own before the end. */
  returnTrace: boolean;
  traceFrame: boolean;
}

const ITEMS_HEADER = "x-orchestrator-backend-items";

/** `/invocations` is spoken by Databricks chat UIs, which show calls as tool cards (section 0, decision 1). */
export function responseWishes({ req }: Exchange, request: ParsedRequest): ResponseWishes {
  const byHeader = String(req.headers["x-mlflow-return-trace-id"] ?? "").toLowerCase() === "true";
  return {
    stream: request.stream === true,
    backendItems:
      request.custom_inputs?.backend_items ?? itemsHeader(req.headers[ITEMS_HEADER]) ?? byRoute(req.path),
    extraEvents: req.headers["x-orchestrator-events"] === "1",
    returnTrace: byHeader || request.databricks_options?.return_trace === true,
    traceFrame: byHeader,
  };
}

function byRoute(path: string): BackendItems {
  return path.includes("/invocations") ? "function_call" : "reasoning";
}

function itemsHeader(value: string | string[] | undefined): BackendItems | undefined {
  if (value === undefined) return undefined;
  const parsed = BackendItems.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RequestError("invalid_value", `Invalid header '${ITEMS_HEADER}'.`, { param: ITEMS_HEADER });
}
