/** Runs on from a prepared checkpoint and keeps what comes of it as a response, like any other turn. */
import { ClientGone } from "../client-gone.ts";
import type { Exchange } from "../exchange.ts";
import { responseId, storedInput } from "../responses/item-ids.ts";
import { newEncoder } from "../responses/new-encoder.ts";
import { parseRequest } from "../responses/parse-request.ts";
import type { PreparedTurn } from "../responses/prepare-turn.ts";
import type { ResponseBody } from "../responses/response-body.ts";
import { runTurn } from "../responses/run-turn.ts";
import { startRunClock } from "../run-clock.ts";

export interface Branch {
  run_id: string;
  thread_id: string;
  thread_key: string;
  question: string;
}

const WISHES = {
  stream: false,
  backendItems: "reasoning",
  extraEvents: false,
  returnTrace: false,
  traceFrame: false,
} as const;

/** The checkpoint that the run starts from is there, and the caller has a place for it; `lost` ends the run. */
export async function runBranch(
  exchange: Exchange,
  branch: Branch,
  lost?: AbortSignal,
): Promise<ResponseBody> {
  const { services, caller } = exchange;
  const clock = startRunClock(exchange.signal, services.clock(), services.config.budgets.deadline_ms);
  try {
    if (lost !== undefined) clock.follow(lost);
    const request = parseRequest({ input: branch.question }, services.config.server.limits);
    const turn = turnOf(branch, caller.subject, storedInput(request.input, branch.run_id));
    const encoder = newEncoder(exchange, request, WISHES, turn, null);
    encoder.start();
    const { body } = await runTurn(exchange, { turn, encoder, clock, returnTrace: false });
    return body;
  } catch (error) {
    if (exchange.signal.aborted) throw new ClientGone();
    throw error;
  } finally {
    clock.stop();
  }
}

function turnOf(branch: Branch, owner: string, items: PreparedTurn["items"]): PreparedTurn {
  const { run_id, thread_id, thread_key, question } = branch;
  return {
    run_id,
    response_id: responseId(run_id),
    owner,
    thread_id,
    thread_key,
    conversation_id: null,
    previous_response_id: null,
    shared: true,
    goes_on: false,
    store: true,
    items,
    input: { thread_id, question, options: {}, resume: true },
  };
}
