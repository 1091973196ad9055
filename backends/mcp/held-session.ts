/** A session that several questions may use at once; it is closed when it is retired and nobody uses it any more. */
import type { Identity } from "../auth/identity.ts";
import type { Clock } from "../clock.ts";
import type { McpSession } from "./session.ts";
import type { SessionDesk } from "./session-desk.ts";

export interface HeldSession {
  readonly session: Promise<McpSession>;
  /** False until the server has answered its opening. */
  isOpen(): boolean;
  use<T>(work: () => Promise<T>): Promise<T>;
  /** False when it did not answer after a long silence. */
  healthy(): Promise<boolean>;
  /** Closes it now, or when the last use has ended. */
  retire(): Promise<void>;
}

/** After so much silence a session is looked at before it is trusted with a question. */
const IDLE_CHECK_MS = 30_000;

export function holdSession(
  session: Promise<McpSession>,
  identity: Identity | null,
  desk: SessionDesk,
  clock: Clock,
): HeldSession {
  let used_at = clock.now();
  let users = 0;
  let retired = false;
  let open = false;
  session.then(
    () => (open = true),
    () => undefined,
  );
  return {
    session,
    isOpen: () => open,
    async use(work) {
      users += 1;
      try {
        return await work();
      } finally {
        users -= 1;
        if (retired && users === 0) void desk.close(session, identity);
      }
    },
    async healthy() {
      const idle = clock.now() - used_at;
      used_at = clock.now();
      if (idle < IDLE_CHECK_MS || users > 0) return true;
      try {
        await (await session).ping();
        return true;
      } catch {
        return false;
      }
    },
    async retire() {
      retired = true;
      if (users === 0) await desk.close(session, identity);
    },
  };
}
