/** Ids of a message under way, and what becomes of them when another process picks the question up. */
import { z } from "zod";
import type { Json } from "../backend.ts";
import type { Asking } from "../create-backend.ts";
import { BackendError } from "../errors.ts";
import type { BegunQuestion } from "./start-question.ts";
import type { GenieTransport } from "./transport.ts";

const Handle = z.object({
  transport: z.enum(["mcp", "rest"]),
  subject: z.string(),
  conversation_id: z.string(),
  message_id: z.string(),
});

export function pendingHandle({ transport, message }: BegunQuestion, subject: string): Json {
  const { conversation_id, message_id } = message;
  return { transport: transport.name, subject, conversation_id, message_id };
}

/** Null when there is nothing to pick up, or it is another's, or it is gone. */
export async function pickUp(
  { request, call, scope }: Asking,
  transports: { mcp: GenieTransport; rest: GenieTransport },
): Promise<BegunQuestion | null> {
  const handle = Handle.safeParse(request.resume);
  if (!handle.success || handle.data.subject !== call.caller.subject) return null;
  const { conversation_id, message_id } = handle.data;
  const transport = transports[handle.data.transport];
  try {
    return { transport, message: await transport.poll(scope, conversation_id, message_id) };
  } catch (error) {
    if (error instanceof BackendError && (error.code === "not_found" || error.code === "forbidden"))
      return null;
    throw error;
  }
}
