/** Feedback on traces: `POST` and `PATCH …/assessments`, read back inside the trace (contracts section 7). */
import { Router, type Request } from "express";
import { badRequest, missing } from "../http/errors.ts";
import { gate } from "../http/gate.ts";
import { param } from "../http/param.ts";
import type { SandboxState } from "../state.ts";

type Assessment = Record<string, unknown> & { assessment_id: string; trace_id: string };

/** V3 ids are `tr-<hex>`; V4 paths carry the location before the id. */
const TRACE_PATHS = ["/api/3.0/mlflow/traces/:trace", "/api/4.0/mlflow/traces/:location/:trace"];

export function assessmentRoutes(state: SandboxState): Router {
  const router = Router();
  const kept: Assessment[] = [];
  const open = gate(state, "mlflow");
  for (const path of TRACE_PATHS) {
    router.post(`${path}/assessments`, open, (req, res) => {
      const given = assessmentOf(req);
      if (typeof given["assessment_name"] !== "string") throw badRequest("assessment_name is required.");
      const trace_id = param(req, "trace");
      const assessment = { ...given, trace_id, assessment_id: `a-${kept.length + 1}` };
      kept.push(assessment);
      res.json({ assessment });
    });
    router.patch(`${path}/assessments/:id`, open, (req, res) => {
      const [trace, id] = [param(req, "trace"), param(req, "id")];
      const found = kept.find((one) => one.assessment_id === id && one.trace_id === trace);
      if (!found) throw missing(`Assessment ${id} not found.`);
      const given = assessmentOf(req);
      if ("source" in given) throw badRequest("The field `source` may not be updated.");
      const { update_mask = "" } = req.body as { update_mask?: string };
      for (const field of update_mask.split(",")) if (field in given) found[field] = given[field];
      res.json({ assessment: found });
    });
    router.get(path, open, (req, res) => {
      const trace_id = param(req, "trace");
      const assessments = kept.filter((one) => one.trace_id === trace_id);
      res.json({ trace: { trace_info: { trace_id, assessments } } });
    });
  }
  return router;
}

function assessmentOf(req: Request): Record<string, unknown> {
  const given = (req.body as { assessment?: unknown } | undefined)?.assessment;
  if (typeof given === "object" && given !== null) return given as Record<string, unknown>;
  throw badRequest("assessment is required.");
}
