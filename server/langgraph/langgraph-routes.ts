/** LangGraph's own API under `/langgraph`, as far as its SDK, RemoteGraph and Studio need it. */
import type { Route } from "../routes/route.ts";
import { ASSISTANT_ROUTES } from "./assistant-routes.ts";
import { REFUSED_ROUTES } from "./refused-routes.ts";
import { RUN_ROUTES } from "./run-routes.ts";
import { LANGGRAPH_THREAD_ROUTES } from "./thread-routes.ts";

const INFO = {
  version: "1",
  context: "js",
  flags: { assistants: true, crons: false, langsmith: false },
};

/** What is refused comes before paths with parameters, which would take it for an id. */
export const LANGGRAPH_ROUTES: readonly Route[] = [
  {
    method: "get",
    paths: ["/langgraph/ok"],
    summary: "Whether the process answers.",
    open: true,
    produces: ["application/json"],
    handle: async ({ res }) => void res.json({ ok: true }),
  },
  {
    method: "get",
    paths: ["/langgraph/info"],
    summary: "Which parts of LangGraph's API there are.",
    open: true,
    produces: ["application/json"],
    handle: async ({ res }) => void res.json(INFO),
  },
  ...ASSISTANT_ROUTES,
  ...REFUSED_ROUTES,
  ...LANGGRAPH_THREAD_ROUTES,
  ...RUN_ROUTES,
];
