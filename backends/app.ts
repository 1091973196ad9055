/** An agent that runs as a Databricks App (contracts section 2). */
import { randomUUID } from "node:crypto";
import type { BackendConfigOf } from "../config/schema.ts";
import { agentInput } from "./agent-input.ts";
import { createAppResolver } from "./app/resolve-app.ts";
import { createAppSender } from "./app/send-to-app.ts";
import type { Json } from "./backend.ts";
import { createBackend, type ManagedBackend } from "./create-backend.ts";
import { BackendError } from "./errors.ts";
import type { Hints } from "./fault.ts";
import type { Services } from "./services.ts";

const HINTS: Hints = {
  unauthorized:
    "Databricks Apps take OAuth tokens only and send all others to a login page, so configure OAuth and grant CAN_USE on the app",
  forbidden: "grant this identity CAN_USE on the app",
  not_found: "check `target`, and that the app serves POST /responses or /invocations",
  connect_failed: "the app may be starting up or stopped, check its state in the workspace",
  server_error: "look into the app's logs",
};

export function createAppBackend(config: BackendConfigOf<"app">, services: Services): ManagedBackend {
  const channel = services.channel(config.name, config.policy);
  const resolver = createAppResolver(config, services);
  const send = createAppSender(config, services.host, channel);
  /** Where the app was found. */
  const hosts = new Set<string>();

  return createBackend(config, services, {
    hints: HINTS,
    channel,
    async ask(asking) {
      const conversation_id = asking.request.conversation_id ?? randomUUID();
      const payload: Json = {
        model: `apps/${config.target}`,
        // Said explicitly: servers differ in what they take for granted.
        stream: true,
        input: agentInput(asking.request, config.accepts_context),
        context: { conversation_id },
        custom_inputs: { session_id: conversation_id },
      };
      const url = await resolver.url(asking.scope);
      hosts.add(new URL(url).host);
      try {
        return { ...(await send(asking, url, payload)), conversation_id };
      } catch (error) {
        if (!mayHaveMoved(error)) throw error;
        // Throws `stopped` when that is the reason.
        const now = await resolver.refresh(asking.scope);
        if (now === url) throw error;
        return { ...(await send(asking, now, payload)), conversation_id };
      }
    },
    login_hosts: () => [...hosts],
    async check(scope) {
      await resolver.refresh(scope);
    },
  });
}

/** A stopped app shows as a DNS or connection failure, a redeployed one as 404. */
function mayHaveMoved(error: unknown): boolean {
  return error instanceof BackendError && (error.code === "connect_failed" || error.code === "not_found");
}
