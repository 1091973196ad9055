/** Passes a chat completion on to an OpenAI-compatible server and streams its answer back. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { WireError } from "../http/errors.ts";

/** 502 when the server cannot be reached. The caller's token stays here. */
export async function forwardChat(modelUrl: string, req: Request, res: Response): Promise<void> {
  const gone = new AbortController();
  res.once("close", () => gone.abort());
  const reply = await fetch(`${modelUrl.replace(/\/+$/, "")}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(req.body),
    signal: gone.signal,
  }).catch((error: unknown) => {
    throw new WireError(502, "TEMPORARILY_UNAVAILABLE", `The model server did not answer: ${String(error)}`);
  });
  res.status(reply.status).set("content-type", reply.headers.get("content-type") ?? "application/json");
  if (!reply.body) {
    res.end();
    return;
  }
  // A client that leaves in mid-stream is no error of the sandbox.
  await pipeline(Readable.fromWeb(reply.body), res).catch(() => res.destroy());
}
