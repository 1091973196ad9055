/** The conversations of the Genie space. Each belongs to the identity that began it. */
import type { Company, GenieReply } from "../company/contract.ts";
import { WireError, missing } from "../http/errors.ts";
import { filler } from "../http/filler.ts";
import type { Fault } from "../http/faults.ts";
import type { Switches } from "../switches.ts";
import { hexId, newMessage, statusOf, type GenieMessage, type GenieStatus } from "./message.ts";

export const SPACE_ID = "01f0a1b2c3d4e5f60718293a4b5c6d7e";

export interface GenieConversation {
  id: string;
  owner: string;
  title: string;
  created: number;
  messages: GenieMessage[];
  /** Genie answers one question of a conversation after the other. */
  queue: Promise<void>;
}

export interface GenieStore {
  /** Begins a conversation, or goes on with one. 403 for another's, 404 for none, 429 above the limit. */
  ask(owner: string, question: string, conversation?: string, huge?: Fault | null): GenieMessage;
  conversation(owner: string, id: string): GenieConversation;
  message(owner: string, conversation: string, id: string): GenieMessage;
  /** Whoever opens it: for the page behind a citation, on loopback. */
  opened(conversation: string, id: string): GenieMessage | null;
  conversations(owner: string): GenieConversation[];
  remove(owner: string, id: string): void;
  status(message: GenieMessage): GenieStatus;
}

export function createGenieStore(company: Company, stepMs: number, switches: Switches): GenieStore {
  const conversations = new Map<string, GenieConversation>();
  const takeTurn = questionLimit(switches);
  const find = (owner: string, id: string) => {
    const found = conversations.get(id);
    if (!found) throw missing(`Conversation ${id} does not exist.`);
    if (found.owner === owner) return found;
    throw new WireError(403, "PERMISSION_DENIED", `User ${owner} does not own conversation ${id}.`);
  };
  return {
    ask(owner, question, id, huge = null) {
      const conversation = id ? find(owner, id) : newConversation(owner, question);
      takeTurn(Date.now());
      conversations.set(conversation.id, conversation);
      const message = newMessage(conversation.id, question, Date.now());
      conversation.messages.push(message);
      conversation.queue = conversation.queue.then(async () => {
        const reply = await answerOf(company, message);
        message.reply = { ...reply, text: reply.text + filler(huge) };
      });
      return message;
    },
    conversation: find,
    message(owner, conversation, id) {
      const found = find(owner, conversation).messages.find((message) => message.id === id);
      if (!found) throw missing(`Message ${id} does not exist.`);
      return found;
    },
    opened: (conversation, id) =>
      conversations.get(conversation)?.messages.find((message) => message.id === id) ?? null,
    conversations: (owner) => [...conversations.values()].filter((one) => one.owner === owner),
    remove: (owner, id) => void conversations.delete(find(owner, id).id),
    status: (message) => statusOf(message, Date.now(), stepMs),
  };
}

function newConversation(owner: string, question: string): GenieConversation {
  const title = question.slice(0, 100);
  return { id: hexId(), owner, title, created: Date.now(), messages: [], queue: Promise.resolve() };
}

/** A part that throws is a question that failed, not a sandbox that did. */
async function answerOf(company: Company, message: GenieMessage): Promise<GenieReply> {
  try {
    return await company.genie.ask(message.conversation_id, message.content);
  } catch (cause) {
    const error = { type: "GENERIC_CHAT_COMPLETION_EXCEPTION", message: String(cause) };
    return { outcome: "failed", text: "", suggested_questions: [], error };
  }
}

/** Questions per window over all callers (contracts section 3b, limits). */
function questionLimit(switches: Switches): (now: number) => void {
  let asked: number[] = [];
  return (now) => {
    asked = asked.filter((at) => now - at < switches.genie_window_ms);
    if (switches.genie_per_window !== null && asked.length >= switches.genie_per_window) {
      const message = `REQUEST_LIMIT_EXCEEDED: Genie takes ${switches.genie_per_window} questions per minute and workspace.`;
      throw new WireError(429, "REQUEST_LIMIT_EXCEEDED", message);
    }
    asked.push(now);
  };
}
