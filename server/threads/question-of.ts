/** What was asked for a stored response, in the user's words; null for a reply to an approval. */
import type { ResponseRecord } from "../../store/responses.ts";
import { itemMessages } from "../responses/history.ts";

export function questionOf({ input }: Pick<ResponseRecord, "input">): string | null {
  return itemMessages(input).findLast((message) => message.role === "user")?.content ?? null;
}
