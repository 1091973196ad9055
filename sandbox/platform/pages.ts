/** What a person sees who follows a citation: a Genie message with its SQL and rows, an endpoint. Plain text, no token. */
import { Router } from "express";
import { SERVING_ENDPOINTS } from "../serving/endpoints.ts";
import type { SandboxState } from "../state.ts";

export function pageRoutes(state: SandboxState): Router {
  const router = Router();
  router.get("/genie/rooms/:space", (req, res) => {
    const { conversation_id, message_id } = req.query;
    const message = state.genie.opened(String(conversation_id), String(message_id));
    res.type("text/plain");
    if (message === null) return void res.status(404).send("No such message.");
    const { content, reply } = message;
    const result = reply?.query?.result;
    const table =
      result &&
      [result.columns.map(({ name }) => name), ...result.rows].map((row) => row.join("\t")).join("\n");
    res.send([content, reply?.text, reply?.query?.sql, table].filter(Boolean).join("\n\n"));
  });
  router.get("/ml/endpoints/:name", (req, res) => {
    const found = SERVING_ENDPOINTS.find(({ name }) => name === req.params["name"]);
    res.type("text/plain");
    if (found === undefined) res.status(404).send("No such endpoint.");
    else res.send(`Serving endpoint ${found.name}\nTask ${found.task ?? "custom model"}\nReady`);
  });
  return router;
}
