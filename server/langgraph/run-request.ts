/** The body of every request that starts a run, as LangGraph's SDK sends it. */
import { z } from "zod";
import { GraphContext } from "../../nodes/channels.ts";
import { Message, Options } from "../../nodes/state.ts";
import { RequestError } from "../errors.ts";
import { Metadata } from "../responses/request-schema.ts";
import { schemaProblem } from "../schema-problem.ts";
import { Checkpoint } from "./checkpoint.ts";

/** What starts a turn. Other keys of a state are left out, as LangGraph does: a node of another graph sends its own. */
export const RunInput = z.object({
  question: z.string().min(1).max(100_000).describe("The user's question."),
  options: Options.omit({ tool_items: true })
    .strict()
    .optional()
    .describe("The client's wishes for this turn."),
  history: z.array(Message).max(200).optional().describe("Replaces the remembered conversation."),
});
export type RunInput = z.infer<typeof RunInput>;

export const StreamMode = z.enum([
  "values",
  "updates",
  "messages",
  "messages-tuple",
  "custom",
  "tasks",
  "checkpoints",
  "debug",
  "events",
]);
export type StreamMode = z.infer<typeof StreamMode>;

const Nodes = z.union([z.literal("*"), z.array(z.string()).max(64)]);

export const RunRequest = z.strictObject({
  assistant_id: z.string().min(1).max(128),
  /** Null goes on from where the thread or the checkpoint stands. */
  input: RunInput.nullish(),
  command: z.strictObject({ resume: z.json() }).nullish(),
  /** Of `configurable` only the checkpoint is read; tags, metadata and the recursion limit change nothing here. */
  config: z.object({ configurable: Checkpoint.nullish() }).nullish(),
  context: GraphContext.nullish(),
  metadata: Metadata.nullish(),
  checkpoint: Checkpoint.nullish(),
  checkpoint_id: z.string().min(1).max(64).nullish(),
  interrupt_before: Nodes.nullish(),
  interrupt_after: Nodes.nullish(),
  stream_mode: z.union([StreamMode, z.array(StreamMode).min(1).max(9)]).nullish(),
  /** The graph has no subgraphs: both words come to the same. */
  stream_subgraphs: z.boolean().nullish(),
  on_disconnect: z.literal("cancel").nullish(),
  /** Of a run without a thread: whether its thread stays. */
  on_completion: z.enum(["delete", "keep"]).nullish(),
  multitask_strategy: z.enum(["reject", "enqueue"]).nullish(),
  if_not_exists: z.enum(["reject", "create"]).nullish(),
  /** Every step is committed before the next begins, whatever is asked. */
  durability: z.enum(["sync", "async", "exit"]).nullish(),
  checkpoint_during: z.boolean().nullish(),
});
export type RunRequest = z.infer<typeof RunRequest>;

/** What LangGraph's server knows and this one does not do, with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  webhook: "this server calls nobody back; start the run in the background and join it",
  after_seconds: "runs begin at once",
  feedback_keys: "feedback goes to POST /feedback",
  langsmith_tracer: "tracing is set in the configuration",
  stream_resumable: "start the run in the background and join it",
};

const REFUSED_COMMANDS: Readonly<Record<string, string>> = {
  goto: "it would pass by the rules of approval; write the state with 'as_node', then run with 'input' null",
  update: "write the state, then run with 'input' null",
};

export function runRequest(body: unknown): RunRequest {
  refuse(body, REFUSED, "");
  if (typeof body === "object" && body !== null && "command" in body)
    refuse(body.command, REFUSED_COMMANDS, "command.");
  const parsed = RunRequest.safeParse(withoutEmpty(body));
  if (!parsed.success) throw schemaProblem(parsed.error, body);
  return parsed.data;
}

/** Absent, null, false and empty ask for nothing. */
function refuse(value: unknown, reasons: Readonly<Record<string, string>>, prefix: string): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, reason] of Object.entries(reasons)) {
    const asked: unknown = Reflect.get(value, name);
    if (asked === undefined || asked === null || asked === false) continue;
    if (Array.isArray(asked) && asked.length === 0) continue;
    const param = prefix + name;
    throw new RequestError("unsupported_parameter", `Unsupported '${param}': ${reason}.`, { param });
  }
}

function withoutEmpty(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => !Object.hasOwn(REFUSED, name)));
}
