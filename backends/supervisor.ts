/** An existing Databricks supervisor as one backend, in the background by default (contracts section 10). */
import type { BackendConfigOf } from "../config/schema.ts";
import { agentInput } from "./agent-input.ts";
import type { AnswerDraft } from "./answer-draft.ts";
import type { Json } from "./backend.ts";
import { createBackend, type Asking, type ManagedBackend } from "./create-backend.ts";
import { fault, type Hints } from "./fault.ts";
import { pollWaitMs } from "./genie/poll-waits.ts";
import { asList, asObject, asText, type JsonObject } from "./json-fields.ts";
import { agentDraft } from "./responses/agent-draft.ts";
import { createCollector } from "./responses/collector.ts";
import { readResponses } from "./responses/read-responses.ts";
import type { Services } from "./services.ts";

const HINTS: Hints = {
  not_found:
    "check that AI Gateway is enabled in the workspace and that `target` is a model that may supervise",
  forbidden: "grant this identity the permissions on the supervisor's tools",
  rejected: "check `target` and `tools` of the supervisor",
};

/** The documented interval (contracts section 10); the first looks come sooner. */
const LONGEST_POLL_MS = 2_000;

export function createSupervisorBackend(
  config: BackendConfigOf<"supervisor">,
  services: Services,
): ManagedBackend {
  const channel = services.channel(config.name, config.policy);
  const responses = `${services.host}/ai-gateway/mlflow/v1/responses`;

  async function readOne(
    asking: Asking,
    method: "GET" | "POST",
    url: string,
    body?: Json,
  ): Promise<JsonObject> {
    const request = {
      operation: method === "GET" ? "responses.poll" : "responses.create",
      method,
      url,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      repeatable: !config.writes,
    };
    const value = asObject(await channel.call(asking.scope, request, (reply) => reply.json()));
    if (value === null) throw fault("malformed", { backend: config.name });
    return value;
  }

  async function inBackground(asking: Asking, payload: Json): Promise<AnswerDraft> {
    const resumed = resumedId(asking);
    let response =
      resumed === null
        ? await readOne(asking, "POST", responses, payload)
        : { id: resumed, status: "queued" };
    const id = asText(response["id"]);
    if (id === null) throw fault("malformed", { backend: config.name });
    if (resumed === null)
      await asking.call.onPending({ response_id: id, subject: asking.call.caller.subject });
    for (let look = 0; isRunning(response); look += 1) {
      const status = asText(response["status"]) ?? "queued";
      asking.call.onProgress({ status, message: `${config.name} is working on the question.` });
      const wait = Math.min(LONGEST_POLL_MS, pollWaitMs(look, services.random));
      await services.clock.sleep(wait, asking.scope.signal);
      response = await readOne(asking, "GET", `${responses}/${encodeURIComponent(id)}`);
    }
    if (response["status"] === "cancelled")
      throw fault("failed", { backend: config.name }, "its run was cancelled");
    return draftOf(asking, response, payload);
  }

  function draftOf(asking: Asking, response: JsonObject, payload: Json): AnswerDraft {
    const output = ownItems(asList(response["output"]));
    if (output.some((item) => asObject(item)?.["type"] === "mcp_approval_request")) {
      throw fault(
        "rejected",
        { backend: config.name },
        "one of its tools asks for an approval, which only its own page can give",
      );
    }
    const collector = createCollector(config.name, (delta) => asking.call.onText(delta));
    collector.body({ ...response, output });
    return agentDraft(collector.result(), payload, services.host);
  }

  return createBackend(config, services, {
    hints: HINTS,
    channel,
    async ask(asking) {
      const payload: Json = {
        model: config.target,
        ...(config.instructions !== undefined && { instructions: config.instructions }),
        input: agentInput(asking.request, config.accepts_context),
        tools: config.tools as Json[],
        // Both at once are invalid.
        ...(config.background ? { background: true, stream: false } : { stream: true }),
      };
      if (config.background) return await inBackground(asking, payload);
      const collected = await channel.call(
        asking.scope,
        {
          operation: "responses.create",
          method: "POST",
          url: responses,
          headers: { accept: "text/event-stream, application/json" },
          body: JSON.stringify(payload),
          repeatable: !config.writes,
        },
        (reply) => readResponses(config.name, reply, (delta) => asking.call.onText(delta)),
      );
      return agentDraft(collected, payload, services.host);
    },
    async check(scope) {
      // There is no route that only tells its health; an unknown id shows that the gateway answers.
      const url = `${responses}/resp_readiness`;
      const request = {
        operation: "responses.probe",
        method: "GET" as const,
        url,
        accept_statuses: [400, 404],
      };
      await channel.call(scope, request, async (reply) => reply.discard());
    },
  });
}

function isRunning(response: JsonObject): boolean {
  return response["status"] === "queued" || response["status"] === "in_progress";
}

/** The output repeats the history in front of the answer; what follows the last user message is new. */
function ownItems(output: Json[]): Json[] {
  const last = output.findLastIndex((item) => asObject(item)?.["role"] === "user");
  return output.slice(last + 1);
}

function resumedId({ request, call }: Asking): string | null {
  const handle = asObject(request.resume);
  return asText(handle?.["subject"]) === call.caller.subject ? asText(handle?.["response_id"]) : null;
}
