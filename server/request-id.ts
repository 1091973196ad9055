/** `x-request-id` on every answer: the proxy's own when it sent one, so that both logs can be joined (section 7). */
import type { RequestHandler, Response } from "express";

export function requestId(randomId: () => string): RequestHandler {
  return (req, res, next) => {
    const given = req.headers["x-request-id"];
    const known = typeof given === "string" && /^[\w.:-]{1,128}$/.test(given);
    res.setHeader("x-request-id", known ? given : randomId());
    next();
  };
}

/** The id that `requestId` gave this answer. */
export function requestIdOf(res: Response): string {
  return String(res.getHeader("x-request-id") ?? "");
}
