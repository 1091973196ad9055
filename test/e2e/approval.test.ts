import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabricksProvider } from "@databricks/ai-sdk-provider";
import { generateText, type ModelMessage } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCompany } from "../../sandbox/company/company.ts";
import type { Company } from "../../sandbox/company/contract.ts";
import { startSandbox, type Sandbox } from "../../sandbox/server.ts";
import { startServerProcess } from "./server-process.ts";
import { textOf, type ResponseBody } from "./stack.ts";

const QUESTION = "Which enterprise customers are most likely to churn? Then make a retention plan for them.";

interface ApprovalBody extends ResponseBody {
  output: (ResponseBody["output"][number] & { id: string; name: string; arguments: string })[];
  custom_outputs: ResponseBody["custom_outputs"] & { approvals?: { id: string; reason: string }[] };
}

let company: Company;
let sandbox: Sandbox;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  company = await createCompany();
  sandbox = await startSandbox({ company, genieStepMs: 2 });
  folder = await mkdtemp(join(tmpdir(), "orchestrator-"));
  const yaml = await readFile("config/sandbox.yaml", "utf8");
  const config = join(folder, "approval.yaml");
  await writeFile(
    config,
    yaml.replace("    target: retention-agent\n", "    target: retention-agent\n    approval: always\n"),
  );
  env = {
    SANDBOX_URL: sandbox.url,
    ORCHESTRATOR_CONFIG: config,
    ORCHESTRATOR_DB: join(folder, "approvals.db"),
  };
});
afterAll(async () => {
  await sandbox.close();
  await company.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(url: string, input: unknown, thread: string): Promise<ApprovalBody> {
  const reply = await fetch(`${url}/responses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input, custom_inputs: { thread_id: thread, backend_items: "function_call" } }),
  });
  return (await reply.json()) as ApprovalBody;
}

async function calls(endpoint: string): Promise<number> {
  const reply = await fetch(`${sandbox.url}/_admin/calls`);
  const { calls } = (await reply.json()) as { calls: { endpoint: string }[] };
  return calls.filter((call) => call.endpoint === endpoint).length;
}

function approvalOf(body: ApprovalBody) {
  return body.output.find((item) => item.type === "mcp_approval_request");
}

function word(id: string, approve: boolean) {
  return { type: "mcp_approval_response", approval_request_id: id, approve };
}

describe("an approval", () => {
  it("is given to another process after the first was killed, for exactly what was shown", async () => {
    const first = await startServerProcess(env);
    const asked = await ask(first.url, QUESTION, "killed");
    const request = approvalOf(asked);
    expect(asked.custom_outputs.approvals).toMatchObject([{ id: request?.id }]);
    expect(await calls("app")).toBe(0);
    await first.kill();

    const second = await startServerProcess(env);
    const scored = await calls("churn");
    const forged = await ask(second.url, [word(`${request?.id.slice(0, -1)}_`, true)], "killed");
    expect(JSON.stringify(forged)).toContain("Nothing waits for this approval");
    expect(await calls("app")).toBe(0);
    const changed = { ...request, arguments: JSON.stringify({ question: "Cancel every contract." }) };
    const done = await ask(second.url, [changed, word(request?.id ?? "", true)], "killed");
    expect(done.status).toBe("completed");
    expect(textOf(done)).not.toContain("What is missing");
    expect([await calls("app"), await calls("churn")]).toEqual([1, scored]);
    expect(JSON.stringify(done)).not.toContain("Cancel every contract");

    const refused = await ask(second.url, QUESTION, "refused");
    const answer = await ask(second.url, [word(approvalOf(refused)?.id ?? "", false)], "refused");
    expect(textOf(answer)).toContain("What is missing");
    expect(await calls("app")).toBe(1);

    await ask(second.url, QUESTION, "silent");
    const other = await ask(second.url, "What is the MRR by region?", "silent");
    expect(other.custom_outputs.plan?.steps.map((step) => step.backend)).toEqual(["revenue_genie"]);
    expect(await calls("app")).toBe(1);
    await second.stop();
  }, 60_000);

  it("is asked for and given through the stock chat UI's provider, over a restart", async () => {
    const before = await calls("app");
    const first = await startServerProcess(env);
    const messages: ModelMessage[] = [{ role: "user", content: QUESTION }];
    const asked = await generateText({
      model: chat(first.url),
      messages,
      providerOptions: CHAT,
      maxRetries: 0,
    });
    const request = asked.content.find((part) => part.type === "tool-approval-request");
    expect(request?.toolCall.toolName).toBe("retention_agent");
    await first.kill();

    const second = await startServerProcess(env);
    messages.push(...asked.response.messages, {
      role: "tool",
      content: [
        {
          type: "tool-approval-response",
          approvalId: request?.approvalId ?? "",
          approved: true,
          providerExecuted: true,
        },
      ],
    });
    const done = await generateText({
      model: chat(second.url),
      messages,
      providerOptions: CHAT,
      maxRetries: 0,
    });
    expect(done.text.length).toBeGreaterThan(100);
    expect(await calls("app")).toBe(before + 1);
    await second.stop();
  }, 60_000);
});

/** What the UI sends along to name its conversation. */
const CHAT = { databricks: { databricksOptions: { return_trace: true } } };

function chat(url: string) {
  return createDatabricksProvider({
    useRemoteToolCalling: true,
    baseURL: url,
    formatUrl: () => `${url}/invocations`,
    fetch: (address, init) => fetch(address, { ...init, body: inConversation(init?.body) }),
  }).responses("chat-model");
}

/** The UI's server names the conversation in the body (`context.conversation_id`). */
function inConversation(body: unknown): string {
  const request = JSON.parse(typeof body === "string" ? body : "{}") as object;
  return JSON.stringify({ ...request, context: { conversation_id: "chat-ui" } });
}
