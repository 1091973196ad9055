/** Any MCP server over streamable HTTP, asked through one of its tools (contracts section 3c). */
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { BackendConfigOf } from "../config/schema.ts";
import type { AnswerDraft } from "./answer-draft.ts";
import type { Json } from "./backend.ts";
import { createBackend, type Asking, type ManagedBackend } from "./create-backend.ts";
import { BackendError } from "./errors.ts";
import { fault, type Hints } from "./fault.ts";
import { pollWaitMs } from "./genie/poll-waits.ts";
import { chooseTool } from "./mcp/choose-tool.ts";
import { mayHaveToken } from "./mcp/may-have-token.ts";
import { messageFault } from "./mcp/message-fault.ts";
import { hasFailed, pollCall, runningStatus } from "./mcp/poll-tool.ts";
import type { McpSession } from "./mcp/session.ts";
import { createMcpSessions } from "./mcp/sessions.ts";
import { toolDraft } from "./mcp/tool-draft.ts";
import type { Services } from "./services.ts";

const HINTS: Hints = {
  unauthorized:
    "check the workspace's credentials, the token's scopes, and for a server on Apps that OAuth is used",
  not_found: "check `target`, which is a path of the workspace or a whole URL of an MCP server",
  rejected: "check `tool`, `question_argument` and `arguments`",
};

export function createMcpBackend(config: BackendConfigOf<"mcp">, services: Services): ManagedBackend {
  const channel = services.channel(config.name, config.policy);
  const url = new URL(config.target, services.host).href;
  const send_token = config.send_token && mayHaveToken(url, services.host);
  const headers = lowerCased(config.headers);
  const { writes } = config;
  const sessions = createMcpSessions({ url, channel, clock: services.clock, send_token, headers, writes });

  /** Asks again with the server's poll tool as long as it says that it is not ready. */
  async function follow(asking: Asking, session: McpSession, first: CallToolResult): Promise<CallToolResult> {
    let result = first;
    for (let look = 0; ; look += 1) {
      const status = runningStatus(result);
      const poll = status === null ? null : pollCall(result, await session.tools());
      if (status === null || poll === null) return result;
      asking.call.onProgress({ status, message: `${config.name} is working on the question.` });
      await services.clock.sleep(pollWaitMs(look, services.random), asking.scope.signal);
      result = await session.call(asking.scope, poll.name, poll.args);
    }
  }

  async function ask(asking: Asking): Promise<AnswerDraft> {
    return await sessions.use(asking.scope, async (session) => {
      const tool = chooseTool(config, await session.tools());
      const { question_argument } = tool;
      const args = {
        ...config.arguments,
        ...(question_argument !== null && { [question_argument]: asking.request.question }),
      };
      const result = await follow(asking, session, await session.call(asking.scope, tool.name, args));
      if (hasFailed(result, await session.tools())) throw toolFault(config.name, result);
      const payload: Json = { tool: tool.name, arguments: args };
      return toolDraft(`${config.name}: ${tool.name}`, services.host, result, payload);
    });
  }

  return createBackend(config, services, {
    hints: HINTS,
    channel,
    ask: send_token ? ask : (asking) => ask(asking).catch(withoutLogin),
    check: (scope) => sessions.use(scope, async (session) => void chooseTool(config, await session.tools())),
    login_hosts: () => [new URL(url).host],
    close: () => sessions.close(),
  });
}

function toolFault(backend: string, result: CallToolResult) {
  const text = result.content.find((part) => part.type === "text")?.text;
  return text === undefined ? fault("failed", { backend }) : messageFault(backend, text);
}

/** A stranger that sees no user has no connection to log in to: its link is not shown. */
function withoutLogin(error: unknown): never {
  if (!(error instanceof BackendError) || error.code !== "login_required") throw error;
  throw fault("failed", error.detail);
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
