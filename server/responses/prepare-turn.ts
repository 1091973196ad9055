/** From a parsed request to a turn that can be run: thread, memory, question, options (sections 2 and 6). */
import type { TurnInput } from "../../graphs/run.ts";
import type { Message } from "../../nodes/state.ts";
import { RequestError } from "../errors.ts";
import type { ConversationRecord } from "../../store/conversations.ts";
import type { ResponseRecord, StoredItem } from "../../store/responses.ts";
import type { ResponseStore } from "../ports.ts";
import type { Services } from "../exchange.ts";
import { composeTurn, type ComposedTurn } from "./compose-turn.ts";
import { chainMessages, itemMessages, turnMessages } from "./history.ts";
import { responseId, storedInput } from "./item-ids.ts";
import type { ParsedRequest } from "./parse-request.ts";
import { recall } from "./recall.ts";
import { internalThreadId, statedThreadKey } from "./thread-key.ts";
import { turnOptions } from "./turn-options.ts";

export interface PreparedTurn {
  run_id: string;
  response_id: string;
  owner: string;
  /** Internal; `input.thread_id` is the same unless nothing of this run is kept. */
  thread_id: string;
  thread_key: string;
  conversation_id: string | null;
  previous_response_id: string | null;
  /** Whether other requests can name the thread, so that runs must take turns. */
  shared: boolean;
  /** Whether the thread had turns when this one was prepared: should it be deleted meanwhile, this one must not begin it anew. */
  goes_on: boolean;
  /** Whether the response, the turn and the thread are kept. */
  store: boolean;
  items: StoredItem[];
  input: TurnInput;
}

export async function prepareTurn(
  services: Services,
  owner: string,
  request: ParsedRequest,
): Promise<PreparedTurn> {
  const { store, config } = services;
  const runId = services.randomId().slice(0, 32);
  const previous = await findPrevious(store, owner, request);
  const conversation = await findConversation(store, owner, request);
  const stated = statedThreadKey(request);
  const known = stated ?? conversation?.id ?? previous?.thread_key ?? null;
  const key = known ?? `thread_${services.randomId().slice(0, 32)}`;
  const threadId = internalThreadId(owner, key);
  const keep = request.store !== false;
  const recalled = await recall(store, owner, request.input, conversation?.id ?? null);
  const composed = composeTurn(recalled.items, {
    ...recalled,
    backendNames: backendNames(services, request),
  });
  if (composed.approvals.length > 0 && composed.question === "") {
    const [last] = await store.turns.list(owner, threadId, 1);
    if (last === undefined) throw nothingWaits(request);
    composed.question = last.question;
  }
  const memory: Memory = { store, owner, threadId, previous, conversation, stated: stated !== null, keep, fresh: known === null }; // prettier-ignore
  const { from, lives } = await remembered(memory, composed, config.budgets.history_turns);
  return {
    run_id: runId,
    response_id: responseId(runId),
    owner,
    thread_id: threadId,
    thread_key: key,
    conversation_id: conversation?.id ?? null,
    previous_response_id: previous?.id ?? null,
    shared: keep && known !== null,
    goes_on: keep && lives,
    store: keep,
    items: storedInput(recalled.items, runId),
    input: {
      thread_id: keep ? threadId : internalThreadId(owner, `once_${runId}`),
      ...from,
      ...(known === null || !keep ? { fresh: true } : {}),
      question: composed.question,
      options: turnOptions(services, request, composed),
      ...(composed.approvals.length > 0 ? { approvals: composed.approvals } : {}),
    },
  };
}

function nothingWaits(request: ParsedRequest): RequestError {
  const index = request.input.findLastIndex((item) => item.type === "mcp_approval_response");
  return new RequestError(
    "invalid_value",
    "No run waits for this approval: name its thread or its response.",
    {
      param: `input[${index}]`,
    },
  );
}

export async function findPrevious(store: ResponseStore, owner: string, request: ParsedRequest) {
  const id = request.previous_response_id;
  if (!id) return null;
  const record = await store.responses.get(owner, id);
  if (record?.status === "queued") throw notFinished();
  if (record !== null) return record;
  throw new RequestError("previous_response_not_found", "The previous response does not exist.", {
    param: "previous_response_id",
  });
}

function notFinished(): RequestError {
  return new RequestError("conversation_locked", "The previous response is not finished yet.", {
    param: "previous_response_id",
  });
}

async function findConversation(store: ResponseStore, owner: string, request: ParsedRequest) {
  if (!request.conversation) return null;
  const id = typeof request.conversation === "string" ? request.conversation : request.conversation.id;
  const record = await store.conversations.get(owner, id);
  if (record !== null) return record;
  throw new RequestError("not_found", "The conversation does not exist.", { param: "conversation" });
}

/** A tool that the client declares under a backend's name is the client's. */
function backendNames(services: Services, request: ParsedRequest): Set<string> {
  const names = new Set(services.orchestrator.backends.keys());
  for (const tool of request.tools ?? []) names.delete(tool.name);
  return names;
}

interface Memory {
  store: ResponseStore;
  owner: string;
  threadId: string;
  previous: ResponseRecord | null;
  conversation: ConversationRecord | null;
  /** The client named the thread itself, and may repeat the transcript every turn. */
  stated: boolean;
  keep: boolean;
  /** The thread is made up for this turn. */
  fresh: boolean;
}

interface Remembered {
  from: Pick<TurnInput, "checkpoint_id" | "history">;
  /** The thread has turns already. */
  lives: boolean;
}

/** Where the run goes on: from a checkpoint, from the thread as it stands, or from messages handed in. */
async function remembered(memory: Memory, composed: ComposedTurn, turns: number): Promise<Remembered> {
  const { store, owner, threadId, previous, conversation, keep } = memory;
  const { earlier } = composed;
  if (previous !== null) {
    const forkable = keep && previous.thread_id === threadId && previous.checkpoint_id !== null;
    if (forkable && earlier.length === 0)
      return { from: { checkpoint_id: previous.checkpoint_id ?? undefined }, lives: true };
    // A thread that was forgotten leaves its responses: they go on from their text.
    const lives = previous.thread_id === threadId && (await store.threads.get(owner, threadId)) !== null;
    return {
      from: { history: [...(await chainMessages(store, owner, previous, turns)), ...earlier] },
      lives,
    };
  }
  const past = memory.fresh ? [] : await store.turns.list(owner, threadId, keep ? 1 : turns);
  const lives = past.length > 0;
  if (memory.stated && lives) return { from: keep ? {} : { history: turnMessages(past) }, lives };
  if (conversation !== null) {
    if (keep && lives && !conversation.edited && earlier.length === 0) return { from: {}, lives };
    const history = [...(await conversationMessages(memory, conversation, turns)), ...earlier];
    return { from: { history }, lives };
  }
  return { from: earlier.length === 0 ? {} : { history: earlier }, lives };
}

async function conversationMessages(
  memory: Memory,
  conversation: ConversationRecord,
  turns: number,
): Promise<Message[]> {
  const page = await memory.store.conversations.items(memory.owner, conversation.id, {
    limit: Math.max(turns, 1) * 8,
    order: "desc",
  });
  return itemMessages((page?.items ?? []).toReversed()).slice(-turns * 2);
}
