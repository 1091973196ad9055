/** Ties the HTTP calls that the MCP SDK makes to the question on whose behalf it makes them. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Scope } from "../http/scope.ts";

export interface McpScope {
  run<T>(scope: Scope, work: () => Promise<T>): Promise<T>;
  /** The scope of the present call; null outside of one. */
  current(): Scope | null;
}

export function createMcpScope(): McpScope {
  const storage = new AsyncLocalStorage<Scope>();
  return { run: (scope, work) => storage.run(scope, work), current: () => storage.getStore() ?? null };
}
