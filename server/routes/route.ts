/** A route as data: mounted, described in OpenAPI and used for 405 answers from the same table. */
import type { z } from "zod";
import type { Exchange } from "../exchange.ts";

export interface Route {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** Express path; every entry is the same route under another name. */
  paths: readonly string[];
  summary: string;
  /** Served without asking who calls. */
  open?: boolean;
  /** Recorded as a trace. */
  traced?: boolean;
  /** The JSON body; the name is that of its schema in the OpenAPI document. */
  body?: { name: string; schema: z.ZodType };
  /** Query parameters with their meaning. */
  query?: Readonly<Record<string, string>>;
  /** Media types of a successful answer. */
  produces: readonly string[];
  handle(exchange: Exchange): Promise<void>;
}

/** The Responses routes answer with and without `/v1` (Responses contract section 1). */
export function versioned(path: string): string[] {
  return [path, `/v1${path}`];
}
