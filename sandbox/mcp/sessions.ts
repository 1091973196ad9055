/** MCP sessions. Calls without a session id are fine; a session that is gone is not. */
import { randomUUID } from "node:crypto";

export interface McpSessions {
  open(owner: string): string;
  has(id: string, owner: string): boolean;
  drop(id: string): void;
  dropAll(): void;
  count(): number;
}

export function createMcpSessions(): McpSessions {
  const owners = new Map<string, string>();
  return {
    open(owner) {
      const id = randomUUID();
      owners.set(id, owner);
      return id;
    },
    has: (id, owner) => owners.get(id) === owner,
    drop: (id) => void owners.delete(id),
    dropAll: () => owners.clear(),
    count: () => owners.size,
  };
}
