/** What LangGraph's own server has and this one has not, refused with the reason instead of a bare 404. */
import { RequestError } from "../errors.ts";
import type { Route } from "../routes/route.ts";

const CONFIGURED = "the one assistant of this server is made by its configuration";
const NO_STORE = "nothing is kept outside of threads";
const NO_CRONS = "this server runs nothing by the clock";
const THREAD = "/langgraph/threads/:thread_id";
const ASSISTANT = "/langgraph/assistants/:assistant_id";
const LEGACY = "of the two streaming protocols this server speaks the one of the runs routes";

const REFUSED: readonly (readonly [method: Route["method"], path: string, reason: string])[] = [
  ["post", "/langgraph/assistants", CONFIGURED],
  ["patch", ASSISTANT, CONFIGURED],
  ["delete", ASSISTANT, CONFIGURED],
  ["post", `${ASSISTANT}/latest`, CONFIGURED],
  ["post", "/langgraph/threads/prune", "delete threads one by one; old checkpoints go by themselves"],
  [
    "post",
    `${THREAD}/copy`,
    "fork on the thread itself: update its state at a checkpoint and run from there",
  ],
  ["patch", `${THREAD}/state`, "metadata of checkpoints is the graph's own"],
  ["get", `${THREAD}/stream`, "join a run instead"],
  ["post", `${THREAD}/commands`, LEGACY],
  ["post", `${THREAD}/stream/events`, LEGACY],
  ["get", `${THREAD}/stream/events`, LEGACY],
  ["post", "/langgraph/runs", "a run in the background needs a thread that its result can be read from"],
  ["post", "/langgraph/runs/batch", "start runs one by one"],
  ["post", "/langgraph/runs/cancel", "cancel runs one by one"],
  ["post", "/langgraph/runs/crons", NO_CRONS],
  ["post", "/langgraph/runs/crons/search", NO_CRONS],
  ["post", `${THREAD}/runs/crons`, NO_CRONS],
  ["get", "/langgraph/store/items", NO_STORE],
  ["put", "/langgraph/store/items", NO_STORE],
  ["delete", "/langgraph/store/items", NO_STORE],
  ["post", "/langgraph/store/items/search", NO_STORE],
  ["post", "/langgraph/store/namespaces", NO_STORE],
];

export const REFUSED_ROUTES: readonly Route[] = REFUSED.map(([method, path, reason]) => ({
  method,
  paths: [path],
  summary: `Refused: ${reason}.`,
  produces: ["application/json"],
  handle: async () => {
    throw new RequestError("unknown_url", `Not served here: ${reason}.`);
  },
}));
