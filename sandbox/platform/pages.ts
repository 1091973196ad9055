/** What a person sees who follows a citation: a Genie message with its SQL and rows, an endpoint. Plain text, no token. */
import { Router } from "express";
import { z } from "zod";
import type { GenieMessage } from "../genie/message.ts";
import { SERVING_ENDPOINTS } from "../serving/endpoints.ts";
import type { SandboxState } from "../state.ts";

export function pageRoutes(state: SandboxState): Router {
  const router = Router();
  router.get("/genie/rooms/:space", (req, res) => {
    const { conversation_id: conversation, message_id: id } = z
      .record(z.string(), z.unknown())
      .parse(req.query);
    const named = typeof conversation === "string" && typeof id === "string";
    const message = named ? state.genie.opened(conversation, id) : null;
    res.type("text/plain");
    if (message === null) res.status(404).send("No such message.");
    else res.send(pageOf(message));
  });
  router.get("/ml/endpoints/:name", (req, res) => {
    const found = SERVING_ENDPOINTS.find(({ name }) => name === req.params["name"]);
    res.type("text/plain");
    if (found === undefined) res.status(404).send("No such endpoint.");
    else res.send(`Serving endpoint ${found.name}\nTask ${found.task ?? "custom model"}\nReady`);
  });
  router.get("/apps/:name", (req, res) => {
    const found = state.apps.describe(req.params["name"]);
    res.type("text/plain");
    if (!found) res.status(404).send("No such app.");
    else res.send(`App ${req.params["name"]}\n${state.apps.url()}`);
  });
  return router;
}

function pageOf({ content, reply }: GenieMessage): string {
  const result = reply?.query?.result;
  const rows = result === undefined ? [] : [result.columns.map(({ name }) => name), ...result.rows];
  const table = rows.map((row) => row.join("\t")).join("\n");
  return [content, reply?.text, reply?.query?.sql, table].filter(Boolean).join("\n\n");
}
