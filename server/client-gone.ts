/** Aborts when the client closes its connection before the answer is complete. */
import type { Response } from "express";

/** The reason of that abort: nobody is left to be told anything. */
export class ClientGone extends Error {
  constructor() {
    super("the client went away");
    this.name = "ClientGone";
  }
}

export function abortOnClose(res: Response): AbortSignal {
  const controller = new AbortController();
  res.on("close", () => {
    if (!res.writableFinished) controller.abort(new ClientGone());
  });
  return controller.signal;
}
