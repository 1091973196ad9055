/** One open server-sent event stream: one write per event, keep-alive, back-pressure, slow readers cut off (section 3.1). */
import type { Response } from "express";
import { DONE_FRAME } from "./responses/event-writer.ts";

export interface SseOptions {
  keep_alive_ms: number;
  /** A reader that takes nothing for so long is cut off. */
  limits: { slow_reader_ms: number };
}

const KEEP_ALIVE = ": keep-alive\n\n";

export class SseStream {
  readonly #res: Response;
  readonly #options: SseOptions;
  readonly #keepAlive: NodeJS.Timeout;
  /** Frames that wait for the reader. */
  #waiting: string[] = [];
  #ended = false;
  #stalled: NodeJS.Timeout | null = null;

  /** Sends the headers at once: proxies cut connections that stay silent. */
  constructor(res: Response, options: SseOptions) {
    this.#res = res;
    this.#options = options;
    res.status(200);
    res.setHeader("content-type", "text/event-stream; charset=utf-8");
    res.setHeader("cache-control", "no-cache, no-transform");
    res.setHeader("x-accel-buffering", "no");
    res.flushHeaders();
    res.on("drain", () => this.#drained());
    res.on("close", () => this.#stop());
    this.#keepAlive = setInterval(() => this.#beat(), options.keep_alive_ms);
  }

  write(frame: string): void {
    if (this.#stalled !== null) this.#waiting.push(frame);
    else if (!this.#res.destroyed && !this.#res.write(frame)) this.#stall();
  }

  /** Sends `[DONE]` and ends; what waits for the reader goes first. */
  end(): void {
    this.write(DONE_FRAME);
    clearInterval(this.#keepAlive);
    this.#ended = true;
    if (this.#stalled === null) this.#res.end();
  }

  /** Ends without `[DONE]`: there is more, but not from here. */
  cut(): void {
    clearInterval(this.#keepAlive);
    this.#ended = true;
    if (this.#stalled === null) this.#res.end();
  }

  #beat(): void {
    if (this.#stalled === null && !this.#res.destroyed) this.write(KEEP_ALIVE);
  }

  #stall(): void {
    this.#stalled = setTimeout(() => this.#res.destroy(), this.#options.limits.slow_reader_ms);
  }

  #drained(): void {
    if (this.#stalled === null) return;
    clearTimeout(this.#stalled);
    this.#stalled = null;
    const frames = this.#waiting;
    this.#waiting = [];
    for (const [i, frame] of frames.entries()) {
      if (this.#res.write(frame)) continue;
      this.#waiting = frames.slice(i + 1);
      this.#stall();
      return;
    }
    if (this.#ended) this.#res.end();
  }

  #stop(): void {
    clearInterval(this.#keepAlive);
    if (this.#stalled !== null) clearTimeout(this.#stalled);
    this.#stalled = null;
    this.#waiting = [];
  }
}
