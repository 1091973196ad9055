/** OTLP ingest: protobuf only, kept raw for reading back (contracts section 7). */
import express, { Router, type Request, type Response } from "express";
import { WireError } from "../http/errors.ts";
import { callerOf, gate } from "../http/gate.ts";
import type { SandboxState } from "../state.ts";

/** Exports kept for reading back. */
const KEPT = 1_000;

const PROTOBUF = "application/x-protobuf";

export function traceRoutes(state: SandboxState): Router {
  const router = Router();
  const raw = express.raw({ type: PROTOBUF, limit: "64mb" });
  // An MLflow server of one's own takes spans without a login.
  router.post("/v1/traces", raw, gate(state, "traces", { open: true }), (req, res) => {
    keep(state, req, res, null);
  });
  router.post("/api/2.0/otel/v1/traces", raw, gate(state, "traces"), (req, res) => {
    keep(state, req, res, header(req, "x-databricks-uc-table-name"));
  });
  return router;
}

function keep(state: SandboxState, req: Request, res: Response, table: string | null): void {
  if (req.get("content-type") !== PROTOBUF) {
    throw new WireError(
      400,
      "BAD_REQUEST",
      `Invalid Content-Type: ${req.get("content-type")}. Expected: ${PROTOBUF}`,
    );
  }
  const experiment_id = header(req, "x-mlflow-experiment-id");
  if (!Buffer.isBuffer(req.body) || req.body.length === 0)
    throw new WireError(400, "BAD_REQUEST", "No spans found.");
  const caller: unknown = callerOf(res);
  const subject = typeof caller === "object" ? callerOf(res).subject : null;
  if (state.exports.length >= KEPT) state.exports.shift();
  state.exports.push({
    at: Date.now(),
    path: req.path,
    subject,
    experiment_id,
    table,
    body: req.body.toString("base64"),
  });
  res.type(PROTOBUF).send(Buffer.alloc(0));
}

function header(req: Request, name: string): string {
  const value = req.get(name);
  if (value) return value;
  throw new WireError(400, "BAD_REQUEST", `Missing required header: ${name}`);
}
