/** The retention agent as a Databricks App: MLflow's AgentServer behind a proxy that takes OAuth only. */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { answerErrors, isBodyError } from "../http/errors.ts";
import { sendFrames } from "../http/event-stream.ts";
import { callOf, gate } from "../http/gate.ts";
import { askedFromInput } from "../serving/asked.ts";
import { answerPart } from "../serving/answer-part.ts";
import { newTraceId } from "../serving/trace-id.ts";
import type { SandboxState } from "../state.ts";
import { cycleFrames } from "./cycle-frames.ts";
import { APP_NAME } from "./desk.ts";

/** `state` is read per request, because the desk that serves this app is part of it. */
export function createAgentApp(state: SandboxState): Express {
  const app = express().disable("x-powered-by");
  app.use(oauthOnly(state));
  app.use(express.json({ limit: "32mb", type: () => true }));
  const open = gate(state, "app", { open: true });
  app.post(["/responses", "/invocations"], open, answerAgent(state));
  app.get("/agent/info", open, (_req, res) => {
    res.json({ name: APP_NAME, use_case: "agent", mlflow_version: "3.9.0", agent_api: "responses" });
  });
  app.get("/health", open, (_req, res) => void res.json({ status: "healthy" }));
  app.use((_req, res) => void res.status(404).type("text/plain").send("Not found"));
  app.use(badJson, answerErrors);
  return app;
}

/** The proxy in front of an app: no login, or a personal access token, is a redirect and not a 401. */
function oauthOnly(state: SandboxState): RequestHandler {
  return (req, res, next) => {
    const caller = state.tokens.identify(req.get("authorization"));
    if (
      caller === "missing" ||
      caller === "unknown" ||
      (typeof caller === "object" && caller.kind === "pat")
    ) {
      state.calls.record("app", req, res, typeof caller === "string" ? null : caller);
      const next_url = encodeURIComponent(`${state.apps.url()}${req.originalUrl}`);
      res.redirect(302, `${state.loginUrl()}?next_url=${next_url}`);
    } else if (caller === "expired") {
      state.calls.record("app", req, res, null);
      res.status(401).set("www-authenticate", "Bearer").json({ detail: "Token expired" });
    } else next();
  };
}

function answerAgent(state: SandboxState): RequestHandler {
  return async (req, res) => {
    const asked = askedFromInput((req.body as { input?: unknown } | undefined)?.input);
    if ("problem" in asked || typeof (req.body as { input?: unknown }).input === "string") {
      const problem = "problem" in asked ? asked.problem : "input should be a valid list";
      const detail = `Invalid parameters for ResponsesAgent: Invalid data for ResponsesAgentRequest: ${problem}`;
      res.status(400).json({ detail });
      return;
    }
    const trace = wantsTrace(req.get("x-mlflow-return-trace-id"))
      ? newTraceId(callOf(res).traceparent)
      : null;
    const error = state.faults.take("app", req, ["error_frame"]);
    const streams = (req.body as { stream?: unknown }).stream === true;
    if (error && !streams) {
      res.status(500).json({ detail: error.message ?? "The agent failed." });
      return;
    }
    const answer = await answerPart(state, "app", req, asked);
    if (streams) await sendFrames(res, cycleFrames(answer, trace, state.switches.delta_ms, error));
    else res.json(plainBody(answer, trace));
  };
}

function plainBody(answer: Awaited<ReturnType<typeof answerPart>>, trace: string | null) {
  const content = [{ type: "output_text", text: answer.text, annotations: answer.citations.map(annotation) }];
  return {
    object: "response",
    output: [{ type: "message", id: "msg_1", role: "assistant", status: "completed", content }],
    custom_outputs: answer.custom_outputs,
    ...(trace ? { metadata: { trace_id: trace } } : {}),
  };
}

function annotation({
  title,
  url,
  start_index,
  end_index,
}: {
  title: string;
  url: string;
  start_index: number;
  end_index: number;
}) {
  return { type: "url_citation", url, title, start_index, end_index };
}

function wantsTrace(header: string | undefined): boolean {
  return header?.toLowerCase() === "true";
}

const badJson: ErrorRequestHandler = (error, _req, res, next) => {
  if (!isBodyError(error)) return next(error);
  res.status(400).json({ detail: `Invalid JSON in request body: ${error.message}` });
};
