/** The CHAT_MODEL span of one model call, in GenAI and MLflow words (evals sections 5.1 and 5.2). */
import { context, SpanKind, SpanStatusCode, trace, type Span } from "@opentelemetry/api";
import type { ChatRequest, ChatResult } from "../chat-model.ts";
import { failSpan } from "../http/attempt-span.ts";
import type { Services } from "../services.ts";

/** What of messages and answers goes along is decided by `content`. */
export async function traceChat(
  { tracer, content }: Pick<Services, "tracer" | "content">,
  model: string,
  stream: boolean,
  request: ChatRequest,
  work: (span: Span) => Promise<ChatResult>,
): Promise<ChatResult> {
  const span = tracer.startSpan(`chat ${model}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": model,
      "gen_ai.request.stream": stream,
      "mlflow.spanType": JSON.stringify("CHAT_MODEL"),
      ...content.inputs({ messages: request.messages }),
    },
  });
  return await context.with(trace.setSpan(context.active(), span), async () => {
    try {
      const result = await work(span);
      describe(span, result);
      const { text, tool_calls } = result;
      span.setAttributes(content.outputs(tool_calls.length > 0 ? { text, tool_calls } : { text }));
      return result;
    } catch (error) {
      failSpan(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

function describe(span: Span, { usage, model, finish_reason }: ChatResult): void {
  span.setStatus({ code: SpanStatusCode.OK });
  span.setAttributes({ "gen_ai.response.model": model, "gen_ai.response.finish_reasons": [finish_reason] });
  if (usage === null) return;
  const { input_tokens, output_tokens } = usage;
  span.setAttributes({
    "gen_ai.usage.input_tokens": input_tokens,
    "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens,
    "gen_ai.usage.output_tokens": output_tokens,
    "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens,
    "mlflow.chat.tokenUsage": JSON.stringify({
      input_tokens,
      output_tokens,
      total_tokens: input_tokens + output_tokens,
    }),
  });
}
