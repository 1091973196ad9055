/** The serving endpoints of the workspace, and `GET /api/2.0/serving-endpoints`. */
import { Router } from "express";
import type { EndpointName } from "../http/endpoint-name.ts";
import { missing } from "../http/errors.ts";
import { gate } from "../http/gate.ts";
import type { SandboxState } from "../state.ts";

export interface ServingEndpoint {
  name: string;
  /** Absent for a custom model. */
  task?: "agent/v1/responses" | "agent/v2/chat" | "llm/v1/chat";
  problem_type?: string;
  /** Name in faults and calls. */
  endpoint: EndpointName;
}

export const SERVING_ENDPOINTS: ServingEndpoint[] = [
  {
    name: "ka-policies-endpoint",
    task: "agent/v1/responses",
    problem_type: "KNOWLEDGE_ASSISTANT",
    endpoint: "ka",
  },
  { name: "churn-model-endpoint", task: "agent/v1/responses", endpoint: "churn" },
  { name: "chat-agent-endpoint", task: "agent/v2/chat", endpoint: "chat_agent" },
  { name: "revenue-forecast-endpoint", endpoint: "forecast" },
  { name: "sandbox-model", task: "llm/v1/chat", endpoint: "model" },
];

/** User tokens need one of these scopes on serving endpoints. */
export const SERVING_SCOPES = ["model-serving", "serving.serving-endpoints"];

/** Foundation models are called `databricks-…`; any of them is the one model. Throws the 404 of an unknown endpoint. */
export function servingEndpoint(name: unknown): ServingEndpoint {
  const found = SERVING_ENDPOINTS.find((endpoint) => endpoint.name === name);
  if (found) return found;
  if (String(name).startsWith("databricks-"))
    return { name: String(name), task: "llm/v1/chat", endpoint: "model" };
  throw missing(
    "The given endpoint does not exist, please retry after checking the specified model and version deployment exists.",
  );
}

export function servingInfoRoutes(state: SandboxState): Router {
  const router = Router();
  const open = gate(state, "serving_info");
  router.get("/api/2.0/serving-endpoints", open, (_req, res) => {
    res.json({ endpoints: SERVING_ENDPOINTS.map(describe) });
  });
  router.get("/api/2.0/serving-endpoints/:name", open, (req, res) => {
    res.json(describe(servingEndpoint(req.params["name"])));
  });
  return router;
}

function describe({ name, task, problem_type }: ServingEndpoint) {
  return {
    name,
    ...(task ? { task } : {}),
    state: { ready: "READY", config_update: "NOT_UPDATING" },
    permission_level: "CAN_QUERY",
    ...(problem_type ? { tile_endpoint_metadata: { problem_type } } : {}),
    config: { served_entities: [] },
  };
}
