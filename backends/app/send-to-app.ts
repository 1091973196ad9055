/** Posts a question to an app, over the one of its two routes that it serves (contracts section 2). */
import type { BackendConfigOf } from "../../config/schema.ts";
import type { AnswerDraft } from "../answer-draft.ts";
import type { Json } from "../backend.ts";
import type { Asking } from "../create-backend.ts";
import { BackendError } from "../errors.ts";
import type { Channel } from "../http/channel.ts";
import { agentDraft } from "../responses/agent-draft.ts";
import { readResponses } from "../responses/read-responses.ts";

const ROUTES = ["/responses", "/invocations"] as const;

/** `url` is the app's own, `host` the workspace's. */
export type AppSender = (asking: Asking, url: string, payload: Json) => Promise<AnswerDraft>;

/** Some apps serve only one of the two routes; which one is remembered. */
export function createAppSender(config: BackendConfigOf<"app">, host: string, channel: Channel): AppSender {
  let route = 0;

  async function send(asking: Asking, url: string, payload: Json): Promise<AnswerDraft> {
    const collected = await channel.call(
      asking.scope,
      {
        operation: "responses",
        method: "POST",
        url: `${url}${ROUTES[route] ?? ROUTES[0]}`,
        headers: { accept: "text/event-stream, application/json", "x-mlflow-return-trace-id": "true" },
        body: JSON.stringify(payload),
        repeatable: !config.writes,
      },
      (reply) => readResponses(config.name, reply, (delta) => asking.call.onText(delta)),
    );
    return agentDraft(collected, payload, host);
  }

  return async (asking, url, payload) => {
    try {
      return await send(asking, url, payload);
    } catch (error) {
      if (!noSuchRoute(error)) throw error;
      const before = route;
      route = 1 - route;
      return await send(asking, url, payload).catch((second: unknown) => {
        route = before;
        throw second;
      });
    }
  };
}

function noSuchRoute(error: unknown): boolean {
  return error instanceof BackendError && (error.detail.status === 404 || error.detail.status === 405);
}
