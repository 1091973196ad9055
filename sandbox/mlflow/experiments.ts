/** Experiments and runs, as far as evaluations need them (contracts section 7). */
import { randomUUID } from "node:crypto";
import { Router } from "express";
import { z } from "zod";
import { parsed } from "../admin/parsed.ts";
import { WireError, missing } from "../http/errors.ts";
import { gate } from "../http/gate.ts";
import type { SandboxState } from "../state.ts";

const tags = z.array(z.strictObject({ key: z.string(), value: z.string() })).default([]);
const metric = z.strictObject({
  key: z.string(),
  value: z.number(),
  timestamp: z.number(),
  step: z.number().optional(),
});
const batch = z.looseObject({ run_id: z.string(), metrics: z.array(metric).default([]), params: tags, tags });

interface Run {
  info: Record<string, unknown>;
  data: { metrics: z.infer<typeof metric>[]; params: z.infer<typeof tags>; tags: z.infer<typeof tags> };
}

export function experimentRoutes(state: SandboxState): Router {
  const router = Router();
  const experiments = new Map<
    string,
    { experiment_id: string; name: string; lifecycle_stage: string; tags: unknown }
  >();
  const open = gate(state, "mlflow");
  router.get("/api/2.0/mlflow/experiments/get-by-name", open, (req, res) => {
    const name = new URLSearchParams(req.url.split("?")[1]).get("experiment_name") ?? "";
    const experiment = experiments.get(name);
    if (!experiment) throw missing(`Could not find experiment with name '${name}'`);
    res.json({ experiment });
  });
  router.post("/api/2.0/mlflow/experiments/create", open, (req, res) => {
    const body = parsed(z.looseObject({ name: z.string().min(1), tags }), req.body);
    if (experiments.has(body.name)) {
      throw new WireError(400, "RESOURCE_ALREADY_EXISTS", `Experiment '${body.name}' already exists.`);
    }
    const experiment_id = String(experiments.size + 1);
    experiments.set(body.name, {
      experiment_id,
      name: body.name,
      lifecycle_stage: "active",
      tags: body.tags,
    });
    res.json({ experiment_id });
  });
  return router.use(runRoutes(state));
}

function runRoutes(state: SandboxState): Router {
  const router = Router();
  const runs = new Map<string, Run>();
  const find = (id: unknown): Run => {
    const run = runs.get(String(id));
    if (run) return run;
    throw missing(`Run '${String(id)}' not found.`);
  };
  const base = "/api/2.0/mlflow/runs";
  const open = gate(state, "mlflow");
  router.post(`${base}/create`, open, (req, res) => {
    const { tags: given, ...rest } = parsed(z.looseObject({ experiment_id: z.string(), tags }), req.body);
    const run_id = randomUUID().replaceAll("-", "");
    const run: Run = {
      info: { ...rest, run_id, status: "RUNNING" },
      data: { metrics: [], params: [], tags: given },
    };
    runs.set(run_id, run);
    res.json({ run });
  });
  router.post(`${base}/log-batch`, open, (req, res) => {
    const { run_id, metrics, params, tags: given } = parsed(batch, req.body);
    const { data } = find(run_id);
    data.metrics.push(...metrics);
    data.params.push(...params);
    data.tags.push(...given);
    res.json({});
  });
  router.post(`${base}/update`, open, (req, res) => {
    const change = parsed(z.looseObject({ run_id: z.string() }), req.body);
    const run = find(change.run_id);
    Object.assign(run.info, change);
    res.json({ run_info: run.info });
  });
  router.get(`${base}/get`, open, (req, res) => void res.json({ run: find(req.query["run_id"]) }));
  return router;
}
