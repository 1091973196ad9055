/** Runs a statement to its end (Statement Execution API); one that nobody waits for any more is stopped. */
import type { Json } from "../backend.ts";
import type { Asking } from "../create-backend.ts";
import { fault } from "../fault.ts";
import { pollWaitMs } from "../genie/poll-waits.ts";
import { statementState } from "../genie/statement-result.ts";
import type { Channel } from "../http/channel.ts";
import { asObject, asText } from "../json-fields.ts";
import type { Services } from "../services.ts";
import { cancelStatement } from "./cancel-statement.ts";

/** Returns the statement's last body, whatever its state. Picks up what `resume` names. */
export async function runStatement(
  backend: string,
  channel: Channel,
  services: Services,
  asking: Asking,
  body: Json,
): Promise<Json> {
  const { scope, call } = asking;
  const statements = `${services.host}/api/2.0/sql/statements`;
  const poll = (id: string): Promise<Json> => {
    const url = `${statements}/${encodeURIComponent(id)}`;
    return channel.call(scope, { operation: "sql.poll", method: "GET", url }, (reply) => reply.json());
  };
  const submit = (): Promise<Json> => {
    const request = {
      operation: "sql.execute",
      method: "POST" as const,
      url: statements,
      body: JSON.stringify(body),
    };
    return channel.call(scope, request, (reply) => reply.json());
  };

  const resumed = resumedId(asking);
  let statement = resumed === null ? await submit() : await poll(resumed);
  const id = statementId(backend, statement);
  try {
    for (let look = 0; isRunning(statement); look += 1) {
      if (look === 0) await call.onPending({ statement_id: id, subject: call.caller.subject });
      call.onProgress({ status: statementState(statement), message: "The warehouse runs the statement." });
      await services.clock.sleep(pollWaitMs(look, services.random), scope.signal);
      statement = await poll(id);
    }
    return statement;
  } catch (error) {
    const url = `${statements}/${encodeURIComponent(id)}/cancel`;
    if (scope.signal.aborted) void cancelStatement(channel, services, scope.identity, url);
    throw error;
  }
}

export function statementId(backend: string, body: Json): string {
  const id = asText(asObject(body)?.["statement_id"]);
  if (id === null) throw fault("malformed", { backend });
  return id;
}

function isRunning(statement: Json): boolean {
  const state = statementState(statement);
  return state === "PENDING" || state === "RUNNING";
}

function resumedId({ request, call }: Asking): string | null {
  const handle = asObject(request.resume);
  return asText(handle?.["subject"]) === call.caller.subject ? asText(handle?.["statement_id"]) : null;
}
