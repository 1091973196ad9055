/** Refuses JSON that later stages could not carry: nesting that overflows the stack, NUL that databases refuse. */
import { RequestError } from "./errors.ts";

const DEEPEST = 64;

/** Walks with a list of its own, because recursion is what deep nesting attacks. */
export function checkJson(root: unknown): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) {
      throw new RequestError("invalid_value", `The body is nested deeper than ${DEEPEST} levels.`);
    }
    const below: unknown[] = [];
    for (const value of level) {
      if (typeof value === "string") refuseNul(value);
      else if (Array.isArray(value)) for (const child of value) below.push(child);
      else if (typeof value === "object" && value !== null) {
        for (const [key, child] of Object.entries(value)) {
          refuseNul(key);
          below.push(child);
        }
      }
    }
    level = below;
  }
}

function refuseNul(text: string): void {
  if (text.includes("\u0000")) {
    throw new RequestError("invalid_value", "The body holds a NUL character.");
  }
}
