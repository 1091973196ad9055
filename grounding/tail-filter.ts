/** Keeps the claims tail out of a stream: text that may be its beginning is held back until it is clear. */
import { CLAIMS_MARKER } from "./claims.ts";

export interface TailFilter {
  /** Takes the next piece; returns what may be shown. */
  push(delta: string): string;
  /** Returns what was held back and turned out to be prose. */
  end(): string;
}

export function createTailFilter(): TailFilter {
  let held = "";
  let inTail = false;
  let lineStart = true;
  return {
    push(delta) {
      if (inTail) return "";
      held += delta;
      let shown = "";
      while (held !== "") {
        if (lineStart && held.startsWith(CLAIMS_MARKER)) inTail = true;
        if (inTail || (lineStart && CLAIMS_MARKER.startsWith(held))) break;
        const newline = held.indexOf("\n");
        const end = newline < 0 ? held.length : newline + 1;
        shown += held.slice(0, end);
        held = held.slice(end);
        lineStart = newline >= 0;
      }
      if (inTail) held = "";
      return shown;
    },
    end() {
      const rest = inTail ? "" : held;
      held = "";
      return rest;
    },
  };
}
