/** What MLflow is told of versions and traces beside the spans: logged models, trace infos, tables, artifacts (contracts section 7). */
import { Router } from "express";
import { z } from "zod";
import { parsed } from "../admin/parsed.ts";
import { missing, WireError } from "../http/errors.ts";
import { gate } from "../http/gate.ts";
import { param } from "../http/param.ts";
import type { SandboxState } from "../state.ts";

const newModel = z.looseObject({ experiment_id: z.string(), name: z.string().regex(/^[^/:.%"']+$/) });
const search = z.looseObject({ experiment_ids: z.array(z.string()).min(1), filter: z.string().optional() });
const traceInfo = z.looseObject({
  trace_id: z.string(),
  trace_location: z.looseObject({
    type: z.literal("MLFLOW_EXPERIMENT"),
    mlflow_experiment: z.looseObject({ experiment_id: z.string() }),
  }),
});
const ucSchema = z.looseObject({ catalog_name: z.string().min(1), schema_name: z.string().min(1) });

export function registrationRoutes(state: SandboxState): Router {
  const router = Router();
  // An MLflow server of one's own asks for no login.
  const anyone = gate(state, "mlflow", { open: true });
  router.post("/api/3.0/mlflow/traces", anyone, (req, res) => {
    res.json(parsed(z.looseObject({ trace: z.looseObject({ trace_info: traceInfo }) }), req.body));
  });
  router.get(
    "/api/2.0/mlflow/traces/:trace/credentials-for-data-upload",
    gate(state, "mlflow"),
    (req, res) => {
      const signed_uri = `http://${req.get("host") ?? ""}/_signed/${param(req, "trace")}`;
      res.json({ credential_info: { type: "AWS_PRESIGNED_URL", signed_uri, headers: [] } });
    },
  );
  router.put("/_signed/:trace", anyone, (_req, res) => void res.end());
  return router.use(modelRoutes(state)).use(tableRoutes(state));
}

function modelRoutes(state: SandboxState): Router {
  const router = Router();
  const models: Record<string, unknown>[] = [];
  const anyone = gate(state, "mlflow", { open: true });
  const base = "/api/2.0/mlflow/logged-models";
  router.post(`${base}/search`, anyone, (req, res) => {
    const { experiment_ids, filter } = parsed(search, req.body);
    const name = /^name = '(.+)'$/.exec(filter ?? "")?.[1];
    const found = models.filter(
      (info) =>
        experiment_ids.includes(String(info["experiment_id"])) && info["name"] === (name ?? info["name"]),
    );
    res.json({ models: found.map((info) => ({ info })) });
  });
  router.post(base, anyone, (req, res) => {
    const { experiment_id, name } = parsed(newModel, req.body);
    const info = { model_id: `m-${models.length + 1}`, experiment_id, name, status: "LOGGED_MODEL_PENDING" };
    models.push(info);
    res.json({ model: { info } });
  });
  router.patch(`${base}/:model`, anyone, (req, res) => {
    const info = models.find((model) => model["model_id"] === param(req, "model"));
    if (info === undefined) throw missing(`Logged model ${param(req, "model")} not found.`);
    Object.assign(info, parsed(z.looseObject({ status: z.string() }), req.body));
    res.json({ model: { info } });
  });
  return router;
}

/** Unity Catalog: the tables first, then their link to the experiment. */
function tableRoutes(state: SandboxState): Router {
  const router = Router();
  const made = new Set<string>();
  const open = gate(state, "mlflow");
  const location = z.looseObject({ uc_schema: ucSchema });
  const nameOf = ({ catalog_name, schema_name }: z.infer<typeof ucSchema>) =>
    `${catalog_name}.${schema_name}`;
  router.post("/api/4.0/mlflow/traces/location", open, (req, res) => {
    const name = nameOf(parsed(location, req.body).uc_schema);
    if (made.has(name)) throw new WireError(409, "ALREADY_EXISTS", `The tables of ${name} exist.`);
    made.add(name);
    res.json({});
  });
  router.post("/api/4.0/mlflow/traces/:experiment/link-location", open, (req, res) => {
    const name = nameOf(parsed(location, req.body).uc_schema);
    if (!made.has(name)) throw missing(`There are no tables of ${name}.`);
    res.json({});
  });
  router.post("/api/4.0/mlflow/traces/:location/:trace/info", open, (req, res) => {
    const schema = param(req, "location").split(".").slice(0, 2).join(".");
    if (!made.has(schema)) throw missing(`There are no tables of ${schema}.`);
    res.json(parsed(z.looseObject({ trace_id: z.string() }), req.body));
  });
  return router;
}
