/** Databricks' Supervisor API (contracts section 10), with background polling. */
import { randomBytes } from "node:crypto";
import { Router, type Request } from "express";
import { WireError, missing } from "../http/errors.ts";
import { sendFrames } from "../http/event-stream.ts";
import { filler } from "../http/filler.ts";
import { callerOf, gate } from "../http/gate.ts";
import { param } from "../http/param.ts";
import { askedFromInput } from "../serving/asked.ts";
import { failedResponse } from "../serving/error-frame.ts";
import { responseBody, responsesAnswer, type ResponsesAnswer } from "../serving/responses-body.ts";
import { paced } from "../serving/paced.ts";
import { responseEvents } from "../serving/response-events.ts";
import type { SandboxState } from "../state.ts";
import { runTools, type Tool } from "./run.ts";

const PATH = "/ai-gateway/mlflow/v1/responses";

/** How long a background response is `queued`, and then at least `in_progress`, milliseconds. */
const STEP_MS = 40;

interface Background {
  owner: string;
  created: number;
  body: object | null;
}

interface Body {
  model: string;
  input: unknown;
  tools: Tool[];
  stream?: unknown;
  background?: unknown;
}

export function supervisorRoutes(state: SandboxState): Router {
  const router = Router();
  const running = new Map<string, Background>();
  const open = gate(state, "supervisor", { scopes: ["ai-gateway"] });
  router.post(PATH, open, async (req, res) => {
    const body = checked(req.body);
    const id = `resp_${randomBytes(12).toString("hex")}`;
    if (body.background === true) {
      const background: Background = { owner: callerOf(res).subject, created: Date.now(), body: null };
      running.set(id, background);
      void finalBody(state, req, body, id).then((done) => (background.body = done));
      res.json({ id, object: "response", status: "queued", output: [] });
    } else if (body.stream === true) {
      const { form } = await answer(state, req, body, id);
      const error = state.faults.take("supervisor", req, ["error_frame"]);
      await sendFrames(res, paced(responseEvents(form, "done_only"), state.switches.delta_ms, error));
    } else res.json(await finalBody(state, req, body, id));
  });
  router.get(`${PATH}/:id`, open, (req, res) => {
    const id = param(req, "id");
    const background = running.get(id);
    if (background?.owner !== callerOf(res).subject) throw missing(`Response ${id} not found.`);
    res.json(progress(id, background));
  });
  return router;
}

/** Throws the API's 400s. */
function checked(value: unknown): Body {
  const body = (value ?? {}) as Partial<Body> & Record<string, unknown>;
  const tools = Array.isArray(body.tools) ? body.tools : [];
  const problems: [when: boolean, message: string][] = [
    [typeof body.model !== "string", "model: field required"],
    [body.stream === true && body.background === true, "stream and background cannot both be true"],
    ["previous_response_id" in body, "previous_response_id is not supported"],
    ["temperature" in body || "top_p" in body, "Parameter not supported when tools are provided"],
    [tools.length === 0, "tools: the sandbox's supervisor needs at least one"],
  ];
  const problem = problems.find(([when]) => when);
  if (problem) throw new WireError(400, "BAD_REQUEST", problem[1]);
  return { ...body, model: String(body.model), input: body.input, tools };
}

interface Answered {
  form: ResponsesAnswer;
  items: object[];
}

async function answer(state: SandboxState, req: Request, body: Body, id: string): Promise<Answered> {
  const asked = askedFromInput(body.input);
  if ("problem" in asked) throw new WireError(400, "BAD_REQUEST", asked.problem);
  const { answer, items } = await runTools(state.company, id, asked, body.tools);
  const citations = answer.citations.map((one) => ({ ...one, url: new URL(one.url, state.host()).href }));
  const text = answer.text + filler(state.faults.take("supervisor", req, ["huge"]));
  return {
    form: { ...responsesAnswer(body.model, { ...answer, citations, text }, "annotations", null), id },
    items,
  };
}

/** The output begins with an echo of the input's items. */
async function finalBody(state: SandboxState, req: Request, body: Body, id: string): Promise<object> {
  const error = state.faults.take("supervisor", req, ["error_frame"]);
  if (error) return { ...failedResponse(error.message), id };
  const { form, items } = await answer(state, req, body, id);
  const whole = responseBody(form);
  const echo = (Array.isArray(body.input) ? body.input : [{ role: "user", content: body.input }]) as object[];
  return {
    ...whole,
    output: [...echo.map((item) => ({ type: "message", ...item })), ...items, ...whole.output],
  };
}

function progress(id: string, { created, body }: Background): object {
  const passed = Date.now() - created;
  if (passed < STEP_MS) return { id, object: "response", status: "queued", output: [] };
  if (body && passed >= 2 * STEP_MS) return body;
  const partial = { id: null, type: "message", role: "assistant", status: "in_progress", content: [] };
  return { id, object: "response", status: "in_progress", output: [partial] };
}
