/** Server-sent events as AgentServer and Model Serving write them: `data:` lines only, `[DONE]` at the end. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Response } from "express";

export interface Frame {
  data: unknown;
  /** Milliseconds to wait before this frame. */
  delay_ms?: number;
}

/** Writes all frames, then `[DONE]`. Stops early when the client has gone. */
export async function sendFrames(res: Response, frames: Iterable<Frame>): Promise<void> {
  res.status(200).set({ "content-type": "text/event-stream", "cache-control": "no-cache" });
  res.flushHeaders();
  for (const { data, delay_ms } of frames) {
    if (delay_ms) await sleep(delay_ms);
    if (res.destroyed) return;
    if (!res.write(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`)) await drained(res);
  }
  res.end("data: [DONE]\n\n");
}

function drained(res: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      res.off("drain", done).off("close", done);
      resolve();
    };
    res.on("drain", done).on("close", done);
  });
}
