/** Assistants: the graph, its drawing and its schemas. */
import { z } from "zod";
import type { Exchange } from "../exchange.ts";
import type { Route } from "../routes/route.ts";
import { assistantOf, GRAPH_ID, requireAssistantInPath } from "./assistant.ts";
import { parsedBody } from "./parsed-body.ts";
import { portOf } from "./port-of.ts";
import { RunInput } from "./run-request.ts";

const SearchBody = z.object({
  graph_id: z.string().nullish(),
  name: z.string().nullish(),
  metadata: z.record(z.string(), z.json()).nullish(),
  limit: z.number().int().min(1).max(1_000).nullish(),
  offset: z.number().int().min(0).nullish(),
});

const JSON_ONLY = ["application/json"] as const;
const AT = "/langgraph/assistants";

export const ASSISTANT_ROUTES: readonly Route[] = [
  {
    method: "post",
    paths: [`${AT}/search`],
    summary: "The assistants of this server: the orchestrator.",
    body: { name: "SearchAssistants", schema: SearchBody },
    produces: JSON_ONLY,
    handle: async (exchange) => {
      const { offset } = parsedBody(exchange, SearchBody);
      const found = matching(exchange);
      exchange.res.setHeader("x-pagination-total", String(found.length));
      exchange.res.json(found.slice(offset ?? 0));
    },
  },
  {
    method: "post",
    paths: [`${AT}/count`],
    summary: "How many assistants there are.",
    body: { name: "SearchAssistants", schema: SearchBody },
    produces: JSON_ONLY,
    handle: async (exchange) => void exchange.res.json(matching(exchange).length),
  },
  {
    method: "get",
    paths: [`${AT}/:assistant_id`],
    summary: "One assistant, by its id or by the graph's name.",
    produces: JSON_ONLY,
    handle: async (exchange) => {
      requireAssistantInPath(exchange);
      exchange.res.json(assistantOf(exchange));
    },
  },
  {
    method: "get",
    paths: [`${AT}/:assistant_id/graph`],
    summary: "Nodes and edges of the graph.",
    query: { xray: "`true` draws what is inside of nodes, or how many levels of it." },
    produces: JSON_ONLY,
    handle: async (exchange) => {
      requireAssistantInPath(exchange);
      const { xray } = exchange.req.query;
      exchange.res.json(await portOf(exchange).graph.draw(xray !== undefined && xray !== "false"));
    },
  },
  {
    method: "get",
    paths: [`${AT}/:assistant_id/schemas`],
    summary: "JSON schemas of input, state and context.",
    produces: JSON_ONLY,
    handle: async (exchange) => {
      requireAssistantInPath(exchange);
      exchange.res.json(schemasOf(exchange));
    },
  },
  {
    method: "get",
    paths: [`${AT}/:assistant_id/subgraphs`, `${AT}/:assistant_id/subgraphs/:namespace`],
    summary: "Subgraphs of the graph: there are none.",
    produces: JSON_ONLY,
    handle: async (exchange) => {
      requireAssistantInPath(exchange);
      exchange.res.json({});
    },
  },
  {
    method: "post",
    paths: [`${AT}/:assistant_id/versions`],
    summary: "Versions of an assistant: the one that runs.",
    produces: JSON_ONLY,
    handle: async (exchange) => {
      requireAssistantInPath(exchange);
      exchange.res.json([assistantOf(exchange)]);
    },
  },
];

function matching(exchange: Exchange) {
  const { graph_id, name, metadata } = parsedBody(exchange, SearchBody);
  const assistant = assistantOf(exchange);
  const known = new Map<string, unknown>(Object.entries(assistant.metadata));
  const wrong =
    (typeof graph_id === "string" && graph_id !== GRAPH_ID) ||
    (typeof name === "string" && !assistant.name.toLowerCase().includes(name.toLowerCase())) ||
    Object.entries(metadata ?? {}).some(([key, value]) => known.get(key) !== value);
  return wrong ? [] : [assistant];
}

function schemasOf(exchange: Exchange) {
  const { state, output, context } = portOf(exchange).graph.schemas();
  return {
    graph_id: GRAPH_ID,
    input_schema: z.toJSONSchema(RunInput, { io: "input", unrepresentable: "any" }),
    output_schema: output,
    state_schema: state,
    config_schema: context,
    context_schema: context,
  };
}
