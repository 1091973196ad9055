/** A chat model that LangChain's callbacks see: in LangSmith and Studio it is a model run below its node (DESIGN section 7). */
import { CallbackManager, type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { AIMessage, type BaseMessage, coerceMessageLikeToMessage } from "@langchain/core/messages";
import { getConfig } from "@langchain/langgraph";
import type { ChatMessage, ChatModel, ChatRequest, ChatResult } from "../backends/chat-model.ts";
import type { Models } from "../backends/registry.ts";

/** Where nobody listens, the model is called as it is. */
export function shownModels({ router, planner, synthesizer, reviser, judge }: Models): Models {
  const shown = (model: ChatModel | null) => (model === null ? null : shownModel(model));
  return {
    router: shown(router),
    planner: shown(planner),
    synthesizer: shown(synthesizer),
    reviser: shown(reviser),
    judge,
  };
}

function shownModel(model: ChatModel): ChatModel {
  return {
    name: model.name,
    close: () => model.close(),
    complete: (request, call) => shown(model.name, request, () => model.complete(request, call)),
    stream: (request, call, onText) =>
      shown(model.name, request, (run) => {
        let silent = run !== null;
        return model.stream(request, call, (delta) => {
          // The first token tells LangSmith the time until then; each one would cost more than the model's own work.
          if (silent) void run?.handleLLMNewToken(delta);
          silent = false;
          onText(delta);
        });
      }),
  };
}

async function shown(
  name: string,
  request: ChatRequest,
  work: (run: CallbackManagerForLLMRun | null) => Promise<ChatResult>,
): Promise<ChatResult> {
  const run = await started(name, request);
  if (run === null) return work(null);
  try {
    const result = await work(run);
    await run.handleLLMEnd(outputOf(result));
    return result;
  } catch (error) {
    await run.handleLLMError(error);
    throw error;
  }
}

/** Null outside of a graph, and where nobody listens. */
async function started(name: string, request: ChatRequest): Promise<CallbackManagerForLLMRun | null> {
  const callbacks = getConfig()?.callbacks;
  const manager = callbacks instanceof CallbackManager ? callbacks : null;
  if (manager === null || manager.handlers.length === 0) return null;
  const { messages, ...parameters } = request;
  const extra = { invocation_params: { model: name, ...parameters } };
  const metadata = { ls_provider: "databricks", ls_model_name: name, ls_model_type: "chat" };
  const own = manager.copy();
  own.addMetadata(metadata, false);
  const [run] = await own.handleChatModelStart(
    { lc: 1, type: "not_implemented", id: ["orchestrator", "chat"] },
    [messages.map(messageOf)],
    undefined,
    undefined,
    extra,
    undefined,
    undefined,
    `chat ${name}`,
  );
  return run ?? null;
}

function messageOf({ role, content, tool_calls = [], tool_call_id }: ChatMessage): BaseMessage {
  return coerceMessageLikeToMessage({
    role,
    content,
    ...(tool_call_id === undefined ? {} : { tool_call_id }),
    ...(tool_calls.length === 0 ? {} : { tool_calls: tool_calls.map(toolCall) }),
  });
}

function toolCall({ id, name, arguments: text }: NonNullable<ChatMessage["tool_calls"]>[number]) {
  return { id, type: "function" as const, function: { name, arguments: text } };
}

function outputOf({ text, tool_calls, usage, model, finish_reason }: ChatResult) {
  const { input_tokens = 0, output_tokens = 0 } = usage ?? {};
  const total_tokens = input_tokens + output_tokens;
  const message = new AIMessage({
    content: text,
    response_metadata: { model_name: model, finish_reason },
    additional_kwargs: tool_calls.length === 0 ? {} : { tool_calls: tool_calls.map(toolCall) },
    ...(usage === null ? {} : { usage_metadata: { input_tokens, output_tokens, total_tokens } }),
  });
  return { generations: [[{ text, message }]] };
}
