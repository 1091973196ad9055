/** Checks an admin body against its schema. */
import { z } from "zod";
import { badRequest } from "../http/errors.ts";

/** Throws 400 with every problem in one text. */
export function parsed<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw badRequest(z.prettifyError(result.error));
}
