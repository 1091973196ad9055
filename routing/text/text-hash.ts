/** Tells whether two questions are the same but for case, punctuation and spacing. */
import { createHash } from "node:crypto";
import { wordsOf } from "./words.ts";

/** SHA-256 of the lower-case words, hexadecimal. */
export function textHash(text: string): string {
  const words = wordsOf(text).map((word) => word.lower);
  return createHash("sha256").update(words.join(" ")).digest("hex");
}
