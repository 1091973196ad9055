/** A chat model behind a serving endpoint or any OpenAI-compatible server (contracts section 5). */
import { PolicyConfig, type ModelEndpointConfig } from "../../config/schema.ts";
import type { Identity } from "../auth/identity.ts";
import { Secret } from "../auth/secret.ts";
import type { ChatModel, ChatRequest, ChatResult, ModelCall } from "../chat-model.ts";
import { fault, withHint, type Hints } from "../fault.ts";
import { BackendError } from "../errors.ts";
import type { Reply } from "../http/reply.ts";
import { openScope, type Scope } from "../http/scope.ts";
import { asObject, parseJson } from "../json-fields.ts";
import type { Services } from "../services.ts";
import { chatBody } from "./chat-body.ts";
import { createChatAssembly } from "./chat-result.ts";
import { traceChat } from "./chat-span.ts";

const HINTS: Hints = {
  rejected: "check the model's name and that it takes the parameters that were sent",
  not_found: "check the model's `endpoint` or `base_url` in the configuration",
  forbidden: "grant the app CAN_QUERY on the model's endpoint",
};

export function createChatModel(config: ModelEndpointConfig, services: Services): ChatModel {
  const name = config.model ?? config.endpoint ?? "model";
  const url = config.base_url === undefined ? `${services.host}/serving-endpoints/chat/completions` : `${config.base_url.replace(/\/+$/, "")}/chat/completions`; // prettier-ignore
  const channel = services.channel(name, PolicyConfig.parse({ retries: config.retries }));
  const identity = config.base_url === undefined ? services.credentials.app : keyIdentity(config.api_key);

  async function send(
    request: ChatRequest,
    scope: Scope,
    stream: boolean,
    read: (reply: Reply) => Promise<ChatResult>,
  ) {
    const body = JSON.stringify(chatBody(config, name, request, stream));
    return await channel.call(scope, { operation: "chat.completions", method: "POST", url, body }, read);
  }

  async function run(call: ModelCall, work: (scope: Scope) => Promise<ChatResult>): Promise<ChatResult> {
    call.signal.throwIfAborted();
    const timedOut = () => fault("timeout", { backend: name });
    const scope = openScope(
      { signal: call.signal, deadline: call.deadline, timeout_ms: config.timeout_ms, identity, timedOut },
      services.clock,
    );
    try {
      return await work(scope);
    } catch (error) {
      throw error instanceof BackendError ? withHint(error, HINTS, scope.spent.attempts) : error;
    } finally {
      scope.end();
    }
  }

  return {
    name,
    complete: (request, call) =>
      traceChat(services, name, false, request, () =>
        run(call, (scope) => send(request, scope, false, (reply) => readWhole(name, reply, () => undefined))),
      ),
    stream: (request, call, onText) =>
      traceChat(services, name, true, request, () =>
        run(call, (scope) =>
          send(request, scope, true, (reply) =>
            reply.isEventStream ? readChunks(name, reply, onText) : readWhole(name, reply, onText),
          ),
        ),
      ),
    close: async () => undefined,
  };
}

async function readWhole(name: string, reply: Reply, onText: (delta: string) => void): Promise<ChatResult> {
  const body = asObject(await reply.json());
  if (body === null) throw fault("malformed", { backend: name });
  const assembly = createChatAssembly(name, name, onText);
  assembly.add(body);
  return assembly.result();
}

async function readChunks(name: string, reply: Reply, onText: (delta: string) => void): Promise<ChatResult> {
  const assembly = createChatAssembly(name, name, onText);
  let done = false;
  await reply.events(({ data }) => {
    if (data === "[DONE]") {
      done = true;
      return;
    }
    const frame = asObject(parseJson(data));
    if (frame === null) throw fault("malformed", { backend: name });
    assembly.add(frame);
  });
  if (!done && !assembly.finished()) throw fault("interrupted", { backend: name });
  return assembly.result();
}

/** A key of the model's own server; the workspace's token is never sent there. */
function keyIdentity(api_key: string | undefined): Identity | null {
  if (api_key === undefined || api_key === "") return null;
  const secret = new Secret(api_key);
  return { used: "app", auth_type: "pat", key: "key", token: async () => secret, renew: () => false };
}
