/** `GET /api/2.0/apps`, `GET /api/2.0/apps/{name}` and the login page that Apps send callers without OAuth to. */
import { Router } from "express";
import { errorBody } from "../http/errors.ts";
import { gate } from "../http/gate.ts";
import { param } from "../http/param.ts";
import type { SandboxState } from "../state.ts";

const LOGIN_PAGE = `<!doctype html><html><head><title>Sign in</title></head>
<body><h1>Sign in to continue</h1><form method="post"><input name="user"><button>Continue</button></form></body></html>`;

export function appsRoutes(state: SandboxState): Router {
  const router = Router();
  router.get("/api/2.0/apps", gate(state, "apps"), (_req, res) => void res.json({ apps: state.apps.list() }));
  router.get("/api/2.0/apps/:name", gate(state, "apps"), (req, res) => {
    const name = param(req, "name");
    const app = state.apps.describe(name);
    if (app) res.json(app);
    else res.status(404).json(errorBody("RESOURCE_DOES_NOT_EXIST", `Resource apps.App not found: ${name}`));
  });
  router.get("/login.html", (_req, res) => void res.type("html").send(LOGIN_PAGE));
  return router;
}
