/** Tells whether two questions are the same but for case, punctuation and spacing. */
import { createHash } from "node:crypto";
import { wordsOf } from "./words.ts";

/** SHA-256 of the lower-case words, hexadecimal. */
export function textHash(text: string): string {
  return createHash("sha256").update(wordKey(text)).digest("hex");
}

/** The lower-case words with single spaces between them. */
export function wordKey(text: string): string {
  return wordsOf(text)
    .map((word) => word.lower)
    .join(" ");
}
