/** Circuit breaker: after consecutive failures nobody is sent until one probe has come back well. */
import type { Clock } from "../clock.ts";

export type BreakerState = "closed" | "open" | "half_open";

export interface Permit {
  success(): void;
  failure(): void;
  /** The call said nothing about the backend: the caller left, or its own deadline came first. */
  release(): void;
}

export interface Breaker {
  state(): BreakerState;
  /** A permit, or the milliseconds until the next probe. */
  enter(): Permit | number;
}

/** `failures` 0 switches it off. */
export function createBreaker(failures: number, reset_ms: number, clock: Clock): Breaker {
  let consecutive = 0;
  let opened_at: number | null = null;
  let probing = false;

  const settle = (act: () => void): (() => void) => {
    let settled = false;
    return () => {
      if (settled) return;
      settled = true;
      act();
    };
  };

  const permit = (probe: boolean): Permit => {
    const leave = () => {
      if (probe) probing = false;
    };
    return {
      success: settle(() => {
        leave();
        consecutive = 0;
        // A straggler from before the opening proves nothing; only the probe closes.
        if (probe) opened_at = null;
      }),
      failure: settle(() => {
        leave();
        consecutive += 1;
        const tripped = failures > 0 && opened_at === null && consecutive >= failures;
        if (probe || tripped) opened_at = clock.now();
      }),
      release: settle(leave),
    };
  };

  return {
    state() {
      if (opened_at === null) return "closed";
      return clock.now() - opened_at < reset_ms ? "open" : "half_open";
    },
    enter() {
      if (failures === 0 || opened_at === null) return permit(false);
      const left = opened_at + reset_ms - clock.now();
      if (left > 0) return left;
      if (probing) return reset_ms;
      probing = true;
      return permit(true);
    },
  };
}
