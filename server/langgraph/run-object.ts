/** A run as LangGraph's API shows it: the response that was kept of it, in other words. */
import type { Exchange } from "../exchange.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import { runIdOf } from "../responses/item-ids.ts";
import type { ResponseBody } from "../responses/response-body.ts";
import { ASSISTANT_ID } from "./assistant.ts";
import { asUuid } from "./uuid.ts";

export type RunStatus = "pending" | "running" | "error" | "success" | "timeout" | "interrupted";

export async function runObject(exchange: Exchange, record: ResponseRecord) {
  const body = record.body as ResponseBody;
  return {
    run_id: asUuid(runIdOf(record.id)),
    thread_id: record.thread_key,
    assistant_id: ASSISTANT_ID,
    created_at: iso(record.created_at),
    updated_at: iso(record.created_at),
    status: record.status === "queued" ? await unfinished(exchange, record) : statusOf(body),
    metadata: body.metadata ?? {},
    kwargs: {},
    multitask_strategy: "enqueue",
  };
}

/** Of a background run the record says `queued` until it ends; its row knows more. */
async function unfinished({ services }: Exchange, record: ResponseRecord): Promise<RunStatus> {
  const run = await services.store.runs.get(record.owner, runIdOf(record.id));
  return run?.state === "queued" && run.attempt === 0 ? "pending" : "running";
}

/** A run that stopped without an answer, or with a question of its own, waits for a word. */
function statusOf({ status, error, custom_outputs }: ResponseBody): RunStatus {
  if (status === "failed") return error?.code === "timeout" ? "timeout" : "error";
  if (status === "cancelled" || custom_outputs["composer"] === null) return "interrupted";
  return asksBack(custom_outputs["plan"]) ? "interrupted" : "success";
}

function asksBack(plan: unknown): boolean {
  return typeof plan === "object" && plan !== null && "kind" in plan && plan.kind === "clarify";
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
