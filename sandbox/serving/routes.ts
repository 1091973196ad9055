/** Calls to serving endpoints: by name, or by `model` at the OpenAI-like paths; each task takes one shape. */
import { Router, type Request, type Response } from "express";
import { WireError, badRequest } from "../http/errors.ts";
import { gate } from "../http/gate.ts";
import { completeChat } from "../model/complete.ts";
import type { SandboxState } from "../state.ts";
import { answerChatAgent } from "./chat-agent.ts";
import { SERVING_ENDPOINTS, SERVING_SCOPES, servingEndpoint, type ServingEndpoint } from "./endpoints.ts";
import { answerForecast } from "./forecast.ts";
import { answerResponses } from "./responses.ts";

export function servingRoutes(state: SandboxState): Router {
  const router = Router();
  const options = { scopes: SERVING_SCOPES };
  const byModel = gate(state, (req) => logName(modelOf(req)), options);
  const byName = gate(state, (req) => logName(req.params["name"]), options);
  router.post("/serving-endpoints/responses", byModel, async (req, res) => {
    const target = servingEndpoint(modelOf(req));
    if (target.task !== "agent/v1/responses") throw wrongPath(target, "responses");
    await answerResponses(state, target, req, res);
  });
  router.post("/serving-endpoints/completions", byModel, async (req, res) => {
    const target = servingEndpoint(modelOf(req));
    if (target.task !== "agent/v2/chat") throw wrongPath(target, "completions");
    await answerChatAgent(state, target, req, res);
  });
  router.post("/serving-endpoints/chat/completions", byModel, async (req, res) => {
    const target = SERVING_ENDPOINTS.find(({ name }) => name === modelOf(req));
    if (target && target.task !== "llm/v1/chat") throw wrongPath(target, "chat/completions");
    await completeChat(state, req, res);
  });
  router.post("/serving-endpoints/:name/invocations", byName, async (req, res) => {
    await invoke(state, servingEndpoint(req.params["name"]), req, res);
  });
  return router;
}

async function invoke(
  state: SandboxState,
  target: ServingEndpoint,
  req: Request,
  res: Response,
): Promise<void> {
  if (typeof req.body !== "object" || req.body === null)
    throw badRequest("The request body should be a JSON object.");
  switch (target.task) {
    case "agent/v1/responses":
      return answerResponses(state, target, req, res);
    case "agent/v2/chat":
      return answerChatAgent(state, target, req, res);
    case "llm/v1/chat":
      return completeChat(state, req, res);
    case undefined:
      return answerForecast(state, target, req, res);
  }
}

function modelOf(req: Request): unknown {
  return (req.body as { model?: unknown } | undefined)?.model;
}

/** Unknown names are logged as calls of the model, the endpoint with the most traffic. */
function logName(name: unknown) {
  return SERVING_ENDPOINTS.find((endpoint) => endpoint.name === name)?.endpoint ?? "model";
}

function wrongPath({ name, task }: ServingEndpoint, path: string): WireError {
  const message = `Endpoint ${name} of task ${task ?? "custom model"} does not support /serving-endpoints/${path}.`;
  return new WireError(400, "BAD_REQUEST", message);
}
