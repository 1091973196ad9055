/** The JSON body of a request by its schema; the error names the field. */
import type { z } from "zod";
import type { Exchange } from "../exchange.ts";
import { schemaProblem } from "../schema-problem.ts";

export function parsedBody<T>(exchange: Exchange, schema: z.ZodType<T>): T {
  const body = exchange.json();
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw schemaProblem(result.error, body);
}
