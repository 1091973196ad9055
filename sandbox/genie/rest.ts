/** The Genie Conversation REST API (contracts section 3b). */
import { Router, type Request, type Response } from "express";
import { badRequest, missing } from "../http/errors.ts";
import { callOf, callerOf, gate } from "../http/gate.ts";
import { param } from "../http/param.ts";
import type { SandboxState } from "../state.ts";
import type { GenieMessage } from "./message.ts";
import { statementResponse, textRows } from "./statement.ts";
import { SPACE_ID } from "./store.ts";
import { restConversation, restMessage } from "./wire.ts";

/** User tokens need one of these scopes on Genie, over REST and MCP. */
export const GENIE_SCOPES = ["dashboards.genie", "genie"];

export function genieRestRoutes(state: SandboxState): Router {
  const router = Router();
  const spaces = Router({ mergeParams: true });
  router.get("/api/2.0/genie/spaces", gate(state, "genie_rest", { scopes: GENIE_SCOPES }), (_req, res) => {
    res.json({ spaces: [spaceBody(state)] });
  });
  router.use("/api/2.0/genie/spaces/:space", gate(state, "genie_rest", { scopes: GENIE_SCOPES }), spaces);
  spaces.use((req, _res, next) => {
    const space = param(req, "space");
    if (space !== SPACE_ID) throw missing(`Unable to get space [${space}]. RESOURCE_DOES_NOT_EXIST`);
    next();
  });
  spaceRoutes(spaces, state);
  conversationRoutes(spaces, state);
  messageRoutes(spaces, state);
  attachmentRoutes(spaces, state);
  return router;
}

function spaceRoutes(router: Router, state: SandboxState): void {
  router.get("/", (_req, res) => void res.json(spaceBody(state)));
}

function spaceBody({ company }: SandboxState) {
  const { title, description } = company.genie;
  return { space_id: SPACE_ID, title, description, warehouse_id: "sandbox-warehouse" };
}

function conversationRoutes(router: Router, state: SandboxState): void {
  const { genie } = state;
  router.post("/start-conversation", (req, res) => {
    const message = ask(state, req, res);
    const conversation = genie.conversation(subject(res), message.conversation_id);
    res.json({
      conversation_id: message.conversation_id,
      message_id: message.id,
      conversation: restConversation(conversation),
      message: restMessage(message, genie.status(message)),
    });
  });
  router.get("/conversations", (req, res) => {
    const all = genie.conversations(subject(res)).toReversed();
    const { items, next_page_token } = page(all, req);
    res.json({ conversations: items.map(restConversation), ...next_page_token });
  });
  router.delete("/conversations/:conversation", (req, res) => {
    genie.remove(subject(res), param(req, "conversation"));
    res.json({});
  });
}

function messageRoutes(router: Router, state: SandboxState): void {
  const { genie } = state;
  router.get("/conversations/:conversation/messages", (req, res) => {
    const { messages } = genie.conversation(subject(res), param(req, "conversation"));
    const { items, next_page_token } = page(messages, req);
    res.json({ messages: items.map((one) => restMessage(one, genie.status(one))), ...next_page_token });
  });
  router.post("/conversations/:conversation/messages", (req, res) => {
    const message = ask(state, req, res, param(req, "conversation"));
    res.json(restMessage(message, genie.status(message)));
  });
  router.get("/conversations/:conversation/messages/:message", (req, res) => {
    const message = addressed(state, req, res);
    res.json(restMessage(message, genie.status(message)));
  });
  router.post("/conversations/:conversation/messages/:message/feedback", (req, res) => {
    const rating = (req.body as { rating?: unknown } | undefined)?.rating;
    if (!["POSITIVE", "NEGATIVE", "NONE"].includes(String(rating))) {
      throw badRequest("rating must be one of POSITIVE, NEGATIVE, NONE.");
    }
    addressed(state, req, res).rating = String(rating);
    res.json({});
  });
}

function attachmentRoutes(router: Router, state: SandboxState): void {
  const { genie } = state;
  const base = "/conversations/:conversation/messages/:message/attachments/:attachment";
  router.get(`${base}/query-result`, (req, res) => {
    const message = withAttachment(state, req, res);
    const status = genie.status(message);
    if (status === "QUERY_RESULT_EXPIRED") {
      res.json({ statement_response: statementResponse(message, "CLOSED", null) });
    } else if (status === "COMPLETED") {
      res.json({ statement_response: statementResponse(message, "SUCCEEDED", textRows) });
    } else res.json({ statement_response: statementResponse(message, "RUNNING", null) });
  });
  router.post(`${base}/execute-query`, (req, res) => {
    const message = withAttachment(state, req, res);
    message.expired = false;
    message.rerun_at = Date.now();
    res.json({ statement_response: statementResponse(message, "PENDING", null) });
  });
}

function ask(state: SandboxState, req: Request, res: Response, conversation?: string): GenieMessage {
  const content = (req.body as { content?: unknown } | undefined)?.content;
  if (typeof content !== "string" || !content.trim()) throw badRequest("content must not be empty.");
  const huge = state.faults.take("genie_rest", req, ["huge"]);
  const message = state.genie.ask(subject(res), content, conversation, huge);
  Object.assign(callOf(res), { conversation_id: message.conversation_id, message_id: message.id });
  message.expired = Boolean(state.faults.take("genie_rest", req, ["expired_result"]));
  return message;
}

/** The message in the path. The `expired_result` fault takes its rows away. */
function addressed(state: SandboxState, req: Request, res: Response): GenieMessage {
  const message = state.genie.message(subject(res), param(req, "conversation"), param(req, "message"));
  if (req.method === "GET" && state.faults.take("genie_rest", req, ["expired_result"]))
    message.expired = true;
  return message;
}

function withAttachment(state: SandboxState, req: Request, res: Response): GenieMessage {
  const message = addressed(state, req, res);
  if (message.reply?.query && param(req, "attachment") === message.query_attachment) return message;
  throw missing(`Attachment ${param(req, "attachment")} does not exist.`);
}

function page<T>(items: T[], req: Request): { items: T[]; next_page_token: { next_page_token?: string } } {
  const size = Math.min(Math.max(1, Number(req.query["page_size"] ?? 20) || 20), 100);
  const from = Number(req.query["page_token"] ?? 0) || 0;
  const more = from + size < items.length ? { next_page_token: String(from + size) } : {};
  return { items: items.slice(from, from + size), next_page_token: more };
}

function subject(res: Response): string {
  return callerOf(res).subject;
}
