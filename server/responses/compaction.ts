/** Compaction items: a conversation cut down to what a next turn needs, as text that clients hand back unread. */
import { z } from "zod";
import { Message } from "../../nodes/state.ts";

/** Characters of all kept messages together; what is older goes first. */
const MOST_CHARACTERS = 32_000;
const PREFIX = "v1.";

const Kept = z.array(Message).max(10_000);

/** The newest messages whole; the one at the border keeps its end. */
export function compactMessages(messages: readonly Message[]): Message[] {
  const kept: Message[] = [];
  let room = MOST_CHARACTERS;
  for (const { role, content } of messages.toReversed()) {
    if (room <= 0) break;
    kept.unshift({ role, content: content.length > room ? content.slice(-room) : content });
    room -= content.length;
  }
  return kept;
}

/** Holds nothing but what the client said and was told; it is packed, not secret. */
export function packCompaction(messages: readonly Message[]): string {
  return PREFIX + Buffer.from(JSON.stringify(messages)).toString("base64url");
}

/** Null for content that others made. */
export function unpackCompaction(content: unknown): Message[] | null {
  if (typeof content !== "string" || !content.startsWith(PREFIX)) return null;
  try {
    const text = Buffer.from(content.slice(PREFIX.length), "base64url").toString();
    return Kept.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
