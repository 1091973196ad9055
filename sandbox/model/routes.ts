/** The plain OpenAI-compatible paths to the model, outside Model Serving. */
import { Router } from "express";
import { gate } from "../http/gate.ts";
import type { SandboxState } from "../state.ts";
import { completeChat } from "./complete.ts";

export function modelRoutes(state: SandboxState): Router {
  const router = Router();
  const open = gate(state, "model", { open: true });
  router.post("/v1/chat/completions", open, (req, res) => completeChat(state, req, res));
  router.post("/ai-gateway/mlflow/v1/chat/completions", gate(state, "model"), (req, res) => {
    return completeChat(state, req, res);
  });
  return router;
}
