/** What only the sandbox has: faults, switches, the call log, the scripted model and the truth. Loopback only. */
import { Router, type RequestHandler } from "express";
import { z } from "zod";
import { faultRuleSchema } from "../http/faults.ts";
import { scriptedSchema } from "../model/script.ts";
import type { SandboxState } from "../state.ts";
import { switchesSchema } from "../switches.ts";
import { parsed } from "./parsed.ts";

export function adminRoutes(state: SandboxState): Router {
  const admin = Router();
  admin.use(loopbackOnly);
  faultRoutes(admin, state);
  callRoutes(admin, state);
  tokenRoutes(admin, state);
  modelQueueRoutes(admin, state);
  stateRoutes(admin, state);
  truthRoutes(admin, state);
  admin.post("/reset", (_req, res) => {
    for (const part of [state.faults, state.calls, state.model]) part.clear();
    res.json(Object.assign(state.switches, switchesSchema.parse({})));
  });
  return Router().use("/_admin", admin);
}

const loopbackOnly: RequestHandler = (req, res, next) => {
  const from = req.socket.remoteAddress ?? "";
  if (from === "::1" || from.endsWith("127.0.0.1")) return next();
  res.status(403).json({ error: "The admin routes are for loopback only." });
};

function faultRoutes(admin: Router, { faults }: SandboxState): void {
  admin.post("/faults", (req, res) => {
    faults.add(parsed(faultRuleSchema, req.body));
    res.json({});
  });
  admin.delete("/faults", (_req, res) => {
    faults.clear();
    res.json({});
  });
}

/** `?endpoint=` filters. */
function callRoutes(admin: Router, { calls }: SandboxState): void {
  admin.get("/calls", (req, res) => {
    const { endpoint } = req.query;
    res.json({ calls: calls.all().filter((call) => !endpoint || call.endpoint === endpoint) });
  });
  admin.delete("/calls", (_req, res) => {
    calls.clear();
    res.json({});
  });
}

function tokenRoutes(admin: Router, { tokens }: SandboxState): void {
  admin.get(
    "/tokens",
    (_req, res) => void res.json({ issued: tokens.issued(), lifetime_s: tokens.lifetime() }),
  );
  admin.post("/token-lifetime", (req, res) => {
    tokens.setLifetime(parsed(z.strictObject({ seconds: z.number().positive() }), req.body).seconds);
    res.json({});
  });
  admin.post("/tokens/expire", (_req, res) => {
    tokens.expireAll();
    res.json({});
  });
  admin.post("/tokens/revoke", (req, res) => {
    const schema = z.strictObject({ subject: z.string(), revoked: z.boolean().default(true) });
    const { subject, revoked } = parsed(schema, req.body);
    tokens.revoke(subject, revoked);
    res.json({});
  });
  admin.post("/clients", (req, res) => {
    const { id, secret } = parsed(
      z.strictObject({ id: z.string().min(1), secret: z.string().min(1) }),
      req.body,
    );
    tokens.register(id, secret);
    res.json({});
  });
}

/** One answer or a list of them; `DELETE /model` empties the queue and forgets the requests. */
function modelQueueRoutes(admin: Router, { model }: SandboxState): void {
  admin.post("/model/queue", (req, res) => {
    model.queue(...parsed(z.array(scriptedSchema), Array.isArray(req.body) ? req.body : [req.body]));
    res.json({ queued: model.queued() });
  });
  admin.get(
    "/model/requests",
    (_req, res) => void res.json({ requests: model.requests(), queued: model.queued() }),
  );
  admin.delete("/model", (_req, res) => {
    model.clear();
    res.json({});
  });
}

function stateRoutes(admin: Router, state: SandboxState): void {
  const appChange = z.strictObject({
    state: z.enum(["RUNNING", "STOPPED"]).optional(),
    url: z.string().nullable().optional(),
    deleted: z.boolean().optional(),
  });
  admin.post("/apps/:name", async (req, res) => {
    await state.apps.change(req.params["name"], parsed(appChange, req.body));
    res.json(state.apps.describe(req.params["name"]) ?? {});
  });
  admin.get("/switches", (_req, res) => void res.json(state.switches));
  admin.post("/switches", (req, res) => {
    res.json(Object.assign(state.switches, parsed(switchesSchema, { ...state.switches, ...req.body })));
  });
  admin.delete("/mcp/sessions", (_req, res) => {
    const dropped = state.sessions.count();
    state.sessions.dropAll();
    res.json({ dropped });
  });
}

/** Never through a fault: what evaluations hold answers against. */
function truthRoutes(admin: Router, { company, exports }: SandboxState): void {
  const query = z.strictObject({ sql: z.string(), parameters: z.record(z.string(), z.string()).optional() });
  admin.post("/sql", async (req, res) => {
    const { sql, parameters } = parsed(query, req.body);
    res.json(await company.sql(sql, parameters));
  });
  admin.get("/traces", (_req, res) => void res.json({ exports }));
  admin.get("/documents", (_req, res) => void res.json({ documents: company.documents() }));
}
