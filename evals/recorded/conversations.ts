/** Names each conversation by what was asked in it, so that the same questions find the same recorded answers. */
import { createHash } from "node:crypto";

export interface Conversations {
  /** The name of a conversation by its id; `new` for one in which nothing was asked yet. */
  nameOf(id: string | null): string;
  /** A question of this key was asked; returns the conversation's name from here on. */
  goOn(id: string, key: string): string;
}

export function createConversations(): Conversations {
  const names = new Map<string, string>();
  return {
    nameOf: (id) => (id === null ? "new" : (names.get(id) ?? "new")),
    goOn(id, key) {
      const name = conversationAfter(key);
      names.set(id, name);
      // The name is itself an id where the server has replayed it.
      names.set(name, name);
      return name;
    },
  };
}

/** The key of a question holds its conversation's name, so the hash holds the whole history. */
export function conversationAfter(key: string): string {
  return createHash("sha256").update(`conversation ${key}`).digest("hex").slice(0, 32);
}
