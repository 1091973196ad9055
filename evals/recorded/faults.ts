/** What can go wrong with a recorded answer on its way, one fault at a time per backend. */
import type { ServerResponse } from "node:http";
import { z } from "zod";
import { altered } from "./altered.ts";
import type { Recording } from "./recording.ts";

export const FAULTS = ["rate_limit", "hang", "cut", "wrong_content", "empty", "stale"] as const;
export type FaultKind = (typeof FAULTS)[number];

/** `target` is the backend's id, name or endpoint, as the configuration calls it. */
export const FaultRule = z.strictObject({ target: z.string().min(1), kind: z.enum(FAULTS) });
export type FaultRule = z.infer<typeof FaultRule>;

const PAGE = "<!doctype html><title>Bad gateway</title><p>The proxy found nobody at home.</p>";

/** Sends the recorded answer, or what the fault makes of it. */
export function send(reply: ServerResponse, recording: Recording, fault: FaultKind | null): void {
  const { status, type, body } = recording;
  if (fault === "hang") return;
  if (fault === "rate_limit") {
    const error = { error_code: "REQUEST_LIMIT_EXCEEDED", message: "Too many requests." };
    reply.writeHead(429, { "content-type": "application/json" }).end(JSON.stringify(error));
  } else if (fault === "wrong_content") reply.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  else if (fault === "cut") cut(reply, recording);
  else {
    const sent = fault === null ? body : altered(body, type, fault);
    reply.writeHead(status, { "content-type": type }).end(sent);
  }
}

/** Half of the body, then the connection is gone. */
function cut(reply: ServerResponse, { status, type, body }: Recording): void {
  const bytes = Buffer.from(body);
  reply.writeHead(status, { "content-type": type, "content-length": bytes.length });
  reply.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => reply.destroy());
}
