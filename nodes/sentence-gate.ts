/** `verify: gate`: a sentence with a number waits until the number is confirmed; what cannot be is flagged in place. */
import type { Claim } from "../grounding/claims.ts";

/** Positions of numbers that the evidence does not confirm. */
export type Unconfirmed = (text: string, claims: Claim[]) => { start: number; end: number }[];

export interface SentenceGate {
  /** Takes the next piece; returns what may be shown now. */
  push(delta: string): string;
  /** What waits, as the model wrote it. */
  held(): string;
  /** The rest, checked with the claims that came after it; `revised` stands in its place. */
  end(claims: Claim[], revised?: string): string;
}

export const FLAG = " (not confirmed)";

export function createSentenceGate(unconfirmed: Unconfirmed): SentenceGate {
  let held = "";
  let open = true;
  return {
    push(delta) {
      held += delta;
      let shown = "";
      while (open) {
        const end = sentenceEnd(held);
        if (end === 0) break;
        // A computed number is confirmed by its claim, which comes last: from here on everything waits.
        if (unconfirmed(held.slice(0, end), []).length > 0) open = false;
        else {
          shown += held.slice(0, end);
          held = held.slice(end);
        }
      }
      return shown;
    },
    held: () => held,
    end(claims, revised = held) {
      const rest = flagged(revised, unconfirmed(revised, claims));
      held = "";
      return rest;
    },
  };
}

/** The length of the first whole sentence or line; 0 when it is not whole yet. A point inside a number ends nothing. */
function sentenceEnd(text: string): number {
  const match = /[.!?](?=\s)\s|\n/.exec(text);
  return match === null ? 0 : match.index + match[0].length;
}

function flagged(text: string, spans: { start: number; end: number }[]): string {
  const last = spans.toSorted((a, b) => b.start - a.start);
  return last.reduce((whole, { end }) => `${whole.slice(0, end)}${FLAG}${whole.slice(end)}`, text);
}
