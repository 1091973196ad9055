/** A named part of the request's path. */
import type { Request } from "express";

export function param(req: Request, name: string): string {
  const value = (req.params as Record<string, unknown>)[name];
  return typeof value === "string" ? value : "";
}
