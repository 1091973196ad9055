/** The whole route table: what is mounted, described and documented. */
import type { OrchestratorConfig } from "../../config/schema.ts";
import { LANGGRAPH_ROUTES } from "../langgraph/langgraph-routes.ts";
import { openApiDocument } from "../openapi.ts";
import { COMPACT_ROUTES } from "./compact.ts";
import { CONVERSATION_ROUTES } from "./conversations.ts";
import { FEEDBACK_ROUTES } from "./feedback.ts";
import { METRICS_ROUTES } from "./metrics.ts";
import { PLAN_ROUTES } from "./plan.ts";
import { RESPONSE_ROUTES } from "./responses.ts";
import type { Route } from "./route.ts";
import { systemRoutes } from "./system.ts";
import { THREAD_ROUTES } from "./threads.ts";
import { TRACE_ROUTES } from "./traces.ts";

type Configured = Pick<OrchestratorConfig, "name" | "description"> & {
  server?: Pick<OrchestratorConfig["server"], "langgraph_api">;
};

export function allRoutes(config: Configured): readonly Route[] {
  const routes: Route[] = [
    ...RESPONSE_ROUTES,
    ...COMPACT_ROUTES,
    ...PLAN_ROUTES,
    ...CONVERSATION_ROUTES,
    ...THREAD_ROUTES,
    ...TRACE_ROUTES,
    ...FEEDBACK_ROUTES,
    ...METRICS_ROUTES,
    ...systemRoutes(),
    ...(config.server?.langgraph_api === true ? LANGGRAPH_ROUTES : []),
  ];
  let document: object | undefined;
  routes.push({
    method: "get",
    paths: ["/openapi.json"],
    summary: "This description.",
    open: true,
    produces: ["application/json"],
    handle: async ({ res }) =>
      void res.json(
        (document ??= openApiDocument(routes, { title: config.name, description: config.description })),
      ),
  });
  return routes;
}
