/** What the server says of itself: health, readiness, backends, graph, models. */
import type { Backend } from "../../backends/backend.ts";
import type { Caller } from "../../backends/caller.ts";
import { exampleQuestions } from "../../config/example-questions.ts";
import type { Exchange } from "../exchange.ts";
import { createReadiness } from "../readiness.ts";
import { type Route, versioned } from "./route.ts";

const JSON_ONLY = ["application/json"] as const;

export function systemRoutes(): readonly Route[] {
  const readiness = createReadiness();
  return [
    {
      method: "get",
      paths: ["/health"],
      summary: "Whether the process answers.",
      open: true,
      produces: JSON_ONLY,
      handle: async ({ res }) => void res.json({ status: "healthy" }),
    },
    {
      method: "get",
      paths: ["/ready"],
      summary: "Whether each backend could be asked now; 503 when none could.",
      open: true,
      produces: JSON_ONLY,
      handle: async ({ res, services }) => {
        const { status, backends } = await readiness(services);
        res.status(status === "not_ready" ? 503 : 200).json({ status, backends });
      },
    },
    {
      method: "get",
      paths: ["/agent/info"],
      summary: "What this agent is, as MLflow's agent server says it.",
      open: true,
      produces: JSON_ONLY,
      handle: async ({ res, services }) =>
        void res.json({
          name: services.appName ?? services.config.name,
          description: services.config.description,
          use_case: "agent",
          agent_api: "responses",
        }),
    },
    {
      method: "get",
      paths: ["/backends"],
      summary:
        "The backends that questions are routed to, and in whose name they would be asked for this caller.",
      produces: JSON_ONLY,
      handle: listBackends,
    },
    {
      method: "get",
      paths: ["/graph"],
      summary: "The compiled graph as Mermaid, or as JSON by `Accept` or `format=json`.",
      query: { format: "`mermaid` or `json`." },
      produces: ["text/plain", "application/json"],
      handle: drawGraph,
    },
    {
      method: "get",
      paths: versioned("/models"),
      summary: "The model names that responses echo.",
      produces: JSON_ONLY,
      handle: async ({ res, services }) => {
        const id = services.config.server.model_name;
        res.json({
          object: "list",
          data: [{ id, object: "model", created: 0, owned_by: services.config.name }],
        });
      },
    },
  ];
}

async function listBackends({ res, services, caller }: Exchange): Promise<void> {
  const data = [...services.orchestrator.backends.values()].map((backend) => describe(backend, caller));
  res.json({ object: "list", data });
}

function describe(backend: Backend, caller: Caller) {
  const { config } = backend;
  const { identity, problem } = backend.access?.(caller) ?? { identity: null, problem: null };
  return {
    name: config.name,
    kind: config.kind,
    description: config.description,
    examples: exampleQuestions(config),
    not_for: config.not_for,
    identity: config.identity,
    identity_used: identity,
    problem,
    accepts_context: config.accepts_context,
    writes: config.writes,
    approval: config.approval,
  };
}

async function drawGraph({ req, res, services }: Exchange): Promise<void> {
  const wanted =
    req.query.format ??
    (req.accepts(["text/plain", "application/json"]) === "application/json" ? "json" : "mermaid");
  if (wanted === "json") res.json(await services.orchestrator.drawJson());
  else res.type("text/plain").send(await services.orchestrator.drawMermaid());
}
