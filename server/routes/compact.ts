/** `/responses/compact` and `/responses/input_tokens`: what a conversation weighs, and a lighter one in its place. */
import { z } from "zod";
import type { Message } from "../../nodes/state.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { compactMessages, packCompaction } from "../responses/compaction.ts";
import { messagesOf } from "../responses/compose-turn.ts";
import { chainMessages } from "../responses/history.ts";
import { InputItem } from "../responses/item-schema.ts";
import { parseItems } from "../responses/parse-request.ts";
import { sumUsage } from "../responses/usage.ts";
import { schemaProblem } from "../schema-problem.ts";
import { type Route, versioned } from "./route.ts";

/** Responses that are followed back. */
const MOST_TURNS = 1_000;

/** Bytes of UTF-8 that count as one token: no tokenizer of ours fits every model. */
const BYTES_PER_TOKEN = 4;

const Window = z.object({
  input: z.union([z.string(), z.array(InputItem)]).nullish(),
  previous_response_id: z.string().max(256).nullish(),
  instructions: z.string().nullish(),
});
const CompactBody = Window.extend({ model: z.string().min(1).max(256) });
const CountBody = Window.extend({ model: z.string().max(256).nullish() });

export const COMPACT_ROUTES: readonly Route[] = [
  {
    method: "post",
    paths: versioned("/responses/compact"),
    summary: "Cut a conversation down to one item; put it before the next question. No model is asked.",
    body: { name: "CompactResponse", schema: CompactBody },
    produces: ["application/json"],
    handle: compact,
  },
  {
    method: "post",
    paths: versioned("/responses/input_tokens"),
    summary: "About how many tokens an input has: its bytes divided by four.",
    body: { name: "CountInputTokens", schema: CountBody },
    produces: ["application/json"],
    handle: countTokens,
  },
];

async function compact(exchange: Exchange): Promise<void> {
  const { services, res } = exchange;
  const messages = await readWindow(exchange, CompactBody);
  const id = services.randomId().slice(0, 32);
  res.json({
    id: `resp_${id}`,
    object: "response.compaction",
    created_at: Math.floor(services.clock() / 1000),
    output: [
      {
        type: "compaction",
        id: `cmp_${id}`,
        encrypted_content: packCompaction(compactMessages(messages)),
      },
    ],
    usage: sumUsage([]),
  });
}

async function countTokens(exchange: Exchange): Promise<void> {
  const messages = await readWindow(exchange, CountBody);
  const bytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  exchange.res.json({
    object: "response.input_tokens",
    input_tokens: Math.ceil(bytes / BYTES_PER_TOKEN),
  });
}

/** The responses before, then the input; instructions count as said by the user. */
async function readWindow(
  exchange: Exchange,
  schema: typeof CompactBody | typeof CountBody,
): Promise<Message[]> {
  const { services, caller } = exchange;
  const body = exchange.json();
  const parsed = schema.extend({ input: z.unknown() }).safeParse(body);
  if (!parsed.success) throw schemaProblem(parsed.error, body);
  const { input, previous_response_id: previousId, instructions } = parsed.data;
  const previous = previousId ? await services.store.responses.get(caller.subject, previousId) : null;
  if (previousId && previous === null) {
    throw new RequestError("previous_response_not_found", "The previous response does not exist.", {
      param: "previous_response_id",
    });
  }
  if (previous === null && (input === undefined || input === null)) {
    throw new RequestError("missing_required_parameter", "Missing required parameter: 'input'.", {
      param: "input",
    });
  }
  const before =
    previous === null ? [] : await chainMessages(services.store, caller.subject, previous, MOST_TURNS);
  const limit = services.config.server.limits.input_items;
  const items = typeof input === "string" ? [userMessage(input)] : parseItems(input ?? [], "input", limit);
  const said: Message[] = instructions ? [{ role: "user", content: instructions }] : [];
  return [...said, ...before, ...messagesOf(items)];
}

function userMessage(content: string): InputItem {
  return { type: "message", role: "user", content };
}
