/** Per-user and per-process limits, counted in this process (configuration `server.limits`). */
import { RequestError } from "./errors.ts";

export interface LimitsConfig {
  requests_per_minute: number;
  concurrent_runs_per_user: number;
  streams: number;
}

const MINUTE = 60_000;

export class Limits {
  readonly #config: LimitsConfig;
  readonly #clock: () => number;
  readonly #runs = new Map<string, number>();
  readonly #starts = new Map<string, number[]>();
  #streams = 0;

  constructor(config: LimitsConfig, clock: () => number) {
    this.#config = config;
    this.#clock = clock;
  }

  /** Takes a place for one run; returns how to give it back. Throws 429 with `Retry-After` when there is none. */
  enter(subject: string, stream: boolean): () => void {
    const running = this.#runs.get(subject) ?? 0;
    const most = this.#config.concurrent_runs_per_user;
    if (running >= most) throw tooMany("runs at once", most, 1_000);
    const leaveStream = stream ? this.openStream() : () => {};
    try {
      this.#countStart(subject);
    } catch (error) {
      leaveStream();
      throw error;
    }
    this.#runs.set(subject, running + 1);
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      leaveStream();
      const left = (this.#runs.get(subject) ?? 1) - 1;
      if (left === 0) this.#runs.delete(subject);
      else this.#runs.set(subject, left);
    };
  }

  /** A place for a stream alone, of a run that goes on without it. */
  openStream(): () => void {
    const most = this.#config.streams;
    if (this.#streams >= most) throw tooMany("open streams", most, 1_000);
    this.#streams++;
    return () => void this.#streams--;
  }

  /** A sliding minute per user. */
  #countStart(subject: string): void {
    const most = this.#config.requests_per_minute;
    if (most === 0) return;
    const now = this.#clock();
    const recent = (this.#starts.get(subject) ?? []).filter((at) => at > now - MINUTE);
    const oldest = recent[recent.length - most];
    if (oldest !== undefined) throw tooMany("requests in a minute", most, oldest + MINUTE - now);
    this.#forgetIdle(now);
    this.#starts.set(subject, [...recent, now]);
  }

  #forgetIdle(now: number): void {
    if (this.#starts.size < 10_000) return;
    for (const [subject, starts] of this.#starts) {
      if ((starts.at(-1) ?? 0) <= now - MINUTE) this.#starts.delete(subject);
    }
  }
}

/** With the headers that the SDKs of OpenAI wait by (section 7). */
function tooMany(what: string, most: number, retryMs: number): RequestError {
  const ms = Math.max(1, Math.ceil(retryMs));
  return new RequestError("rate_limit_exceeded", `Too many ${what}.`, {
    headers: {
      "retry-after": String(Math.ceil(ms / 1000)),
      "retry-after-ms": String(ms),
      "x-ratelimit-limit-requests": String(most),
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": `${ms}ms`,
    },
  });
}
