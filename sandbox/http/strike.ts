/** Plays a transport fault on one call. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Request, Response } from "express";
import { errorBody } from "./errors.ts";
import type { Fault } from "./faults.ts";

const BROKEN_JSON = '{"id":"resp_1","object":"response","output":[{"type":"mess';
const PROXY_PAGE = "<html><body><h1>Service error</h1></body></html>";

/** Error codes as the REST API pairs them with statuses. */
const CODES: Record<number, string> = {
  400: "BAD_REQUEST",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "RESOURCE_DOES_NOT_EXIST",
  429: "REQUEST_LIMIT_EXCEEDED",
  503: "TEMPORARILY_UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** True when the call is over (answered, cut off or left hanging); false when the endpoint goes on. */
export async function strike(fault: Fault, req: Request, res: Response, loginUrl: string): Promise<boolean> {
  switch (fault.kind) {
    case "latency":
      await sleep(fault.ms ?? 1_000);
      return res.destroyed;
    case "status":
      answerStatus(fault, res);
      return true;
    case "hang":
      return true;
    case "reset":
      req.socket.resetAndDestroy();
      return true;
    case "cut":
      if (fault.ms === undefined) cutBody(res, fault.after_bytes);
      else setTimeout(() => req.socket.destroy(), fault.ms);
      return false;
    case "malformed":
      answerMalformed(fault, req, res);
      return true;
    case "wrong_content_type":
      res.type(fault.content_type ?? "text/html").send(fault.body ?? PROXY_PAGE);
      return true;
    case "redirect":
      res.redirect(302, fault.location ?? loginUrl);
      return true;
    default:
      return false;
  }
}

function answerStatus(fault: Fault, res: Response): void {
  const status = fault.status ?? 500;
  if (fault.retry_after !== undefined) res.set("retry-after", String(fault.retry_after));
  res.status(status).set(fault.headers ?? {});
  if (fault.body !== undefined) {
    res.type(fault.content_type ?? "text/plain").send(fault.body);
    return;
  }
  const code = fault.error_code ?? CODES[status] ?? "INTERNAL_ERROR";
  res.json(errorBody(code, fault.message ?? `${code}: injected by the sandbox.`));
}

function answerMalformed(fault: Fault, req: Request, res: Response): void {
  const streams = (req.body as { stream?: unknown } | undefined)?.stream === true;
  const body = fault.body ?? (streams ? `data: ${BROKEN_JSON}\n\ndata: [DONE]\n\n` : BROKEN_JSON);
  res.type(fault.content_type ?? (streams ? "text/event-stream" : "application/json")).send(body);
}

/** Lets the endpoint answer, but destroys the socket after some bytes of the body. */
function cutBody(res: Response, limit: number | undefined): void {
  const write = res.write.bind(res);
  let left = limit ?? 400;
  const send = (chunk: unknown, last: boolean): boolean => {
    const bytes = Buffer.from(typeof chunk === "string" || Buffer.isBuffer(chunk) ? chunk : "");
    const room = last && limit === undefined ? Math.min(left, Math.floor(bytes.length / 2)) : left;
    left = room - bytes.length;
    write(bytes.subarray(0, Math.max(0, room)));
    if (left <= 0 || last) res.socket?.destroySoon();
    return true;
  };
  res.write = (chunk: unknown) => (left > 0 ? send(chunk, false) : false);
  res.end = (chunk?: unknown) => {
    if (left > 0) send(chunk, true);
    return res;
  };
}
