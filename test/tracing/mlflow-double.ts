/** A strict stand-in for MLflow on loopback, open source and Unity Catalog: it refuses what the contract does not allow. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { decodeExport, type DecodedSpan } from "./otlp-decoder.ts";

export interface SeenCall {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  /** JSON, where it is. */
  body: Record<string, unknown>;
}

export interface MlflowDouble {
  url: string;
  calls: SeenCall[];
  spans: DecodedSpan[];
  /** Artifacts that came to signed addresses, by trace id. */
  artifacts: Record<string, { spans: Record<string, unknown>[] }>;
  /** How many times an assessment is told that its trace is not there yet. */
  missing: number;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body: object;
}

export async function startMlflowDouble(): Promise<MlflowDouble> {
  const double: MlflowDouble = {
    url: "",
    calls: [],
    spans: [],
    artifacts: {},
    missing: 0,
    close: async () => {},
  };
  const server = createServer((req, res) => {
    void answerOf(double, req).then(({ status, body }) => {
      res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  double.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  double.close = () => closed(server);
  return double;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

async function answerOf(double: MlflowDouble, req: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const call = { method: req.method ?? "", path: req.url ?? "", headers: req.headers, body: {} };
  double.calls.push(call);
  if (call.path.endsWith("/v1/traces")) return takeSpans(double, call, raw);
  call.body = raw.length === 0 ? {} : (JSON.parse(raw.toString()) as Record<string, unknown>);
  return takeUpload(double, call) ?? takeVersion(call) ?? takeCall(double, call);
}

/** Traces in an experiment: registered as V3 says, then uploaded to an address that is its own permission. */
function takeUpload(double: MlflowDouble, { method, path, headers, body }: SeenCall): Answer | null {
  if (method === "POST" && path === "/api/3.0/mlflow/traces") {
    const info = (body as { trace?: { trace_info?: Record<string, unknown> } }).trace?.trace_info;
    const location = info?.["trace_location"] as { type?: string; mlflow_experiment?: object } | undefined;
    if (location?.type !== "MLFLOW_EXPERIMENT" || location.mlflow_experiment === undefined)
      return refused("trace_location");
    return { status: 200, body: { trace: { trace_info: info } } };
  }
  const id = /^\/api\/2\.0\/mlflow\/traces\/(.+)\/credentials-for-data-upload$/.exec(path)?.[1];
  if (method === "GET" && id !== undefined) {
    const signed = { type: "AWS_PRESIGNED_URL", signed_uri: `${double.url}/signed/${id}?sig=1`, headers: [] };
    return { status: 200, body: { credential_info: signed } };
  }
  const signed = /^\/signed\/(.+)\?sig=1$/.exec(path)?.[1];
  if (method !== "PUT" || signed === undefined) return null;
  if (headers.authorization !== undefined) return refused("A signed address takes no token.");
  double.artifacts[signed] = body as { spans: Record<string, unknown>[] };
  return { status: 200, body: {} };
}

function takeVersion({ method, path, body }: SeenCall): Answer | null {
  if (!path.startsWith("/api/2.0/mlflow/logged-models")) return null;
  if (path.endsWith("/search")) return { status: 200, body: {} };
  const info = { model_id: "m-1", name: body["name"] };
  if (method === "PATCH" && body["status"] !== "LOGGED_MODEL_READY") return refused("status");
  return { status: 200, body: { model: { info } } };
}

function takeSpans(double: MlflowDouble, { headers, path }: SeenCall, raw: Buffer): Answer {
  if (headers["content-type"] !== "application/x-protobuf") return refused("Invalid Content-Type");
  if (headers["x-mlflow-experiment-id"] === undefined) return refused("No experiment");
  if (path.startsWith("/api/2.0/") && headers["x-databricks-uc-table-name"] === undefined)
    return refused("No table");
  const body = headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
  const { spans } = decodeExport(body);
  if (spans.length === 0) return refused("No spans");
  double.spans.push(...spans);
  return { status: 200, body: {} };
}

function takeCall(double: MlflowDouble, { method, path, body }: SeenCall): Answer {
  const [route = ""] = path.split("?");
  if (route.endsWith("/experiments/get-by-name"))
    return { status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } };
  if (route.endsWith("/experiments/create")) return { status: 200, body: { experiment_id: "42" } };
  if (route === "/api/4.0/mlflow/traces/location")
    return { status: 409, body: { error_code: "ALREADY_EXISTS" } };
  if (/^\/api\/4\.0\/mlflow\/traces\/\d+\/link-location$/.test(route)) return { status: 200, body: {} };
  if (route.endsWith("/info")) return { status: 200, body: {} };
  const assessment =
    /^\/api\/(3\.0|4\.0)\/mlflow\/traces\/(?:([^/]+)\/)?([^/]+)\/assessments(?:\/(.+))?$/.exec(route);
  if (assessment === null) return { status: 404, body: { error_code: "ENDPOINT_NOT_FOUND" } };
  // Scores of code go along with every answer; the patience is tested with a person's word.
  if (double.missing > 0 && !JSON.stringify(body).includes('"CODE"')) {
    double.missing -= 1;
    return { status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } };
  }
  return takeAssessment(method, assessment[1] === "4.0", assessment[4], body);
}

function takeAssessment(
  method: string,
  bare: boolean,
  id: string | undefined,
  body: Record<string, unknown>,
): Answer {
  if (method === "PATCH") {
    const given = body.assessment as Record<string, unknown> | undefined;
    if (given === undefined || id === undefined) return refused("assessment is required");
    if ("source" in given) return refused("The field `source` may not be updated.");
    if (typeof body.update_mask !== "string") return refused("update_mask is required");
    return { status: 200, body: { assessment: { ...given, assessment_id: id } } };
  }
  const given = (bare ? body : body.assessment) as Record<string, unknown> | undefined;
  if (given === undefined || typeof given.assessment_name !== "string" || given.assessment_name.includes("."))
    return refused("assessment_name");
  if (typeof given.source !== "object" || typeof given.feedback !== "object")
    return refused("source or feedback");
  const kept = { ...given, assessment_id: "a-1" };
  return { status: 200, body: bare ? kept : { assessment: kept } };
}

function refused(message: string): Answer {
  return { status: 400, body: { error_code: "INVALID_PARAMETER_VALUE", message } };
}
