/** Two users over HTTP on backends that are asked in their name: nothing of one ever serves the other. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { planOf } from "./given-plan.ts";
import { startStack, textOf, type Stack } from "./stack.ts";

const ada = { "x-forwarded-access-token": "user-ada" };
const bob = { "x-forwarded-access-token": "user-bob" };
const NAMES = ["revenue_genie", "policy_assistant", "churn_model", "retention_agent"];
const BOTH = planOf([
  { backend: "revenue_genie", question: "What is the MRR by region?" },
  { backend: "policy_assistant", question: "What is our refund policy for annual contracts?" },
  { backend: "churn_model", question: "Which enterprise customers are most likely to churn?" },
  { backend: "retention_agent", question: "Make an action plan for the customers at risk in EMEA." },
]);

let stack: Stack;
beforeAll(async () => {
  const backends = NAMES.map((name) => ({
    name,
    identity: "user",
    ...(name === "revenue_genie" && { cache_ttl_ms: 60_000 }),
  }));
  stack = await startStack(overlay({ backends }));
});
afterAll(() => stack.close());
beforeEach(() => stack.admin("reset", {}));

const asked = (headers: Record<string, string>, thread: string, plan: object = BOTH) =>
  stack.ask({ input: "Ask all.", custom_inputs: { thread_id: thread, plan } }, headers);

interface Listed {
  name: string;
  identity: string;
  identity_used: string | null;
  problem: string | null;
}

async function listed(headers: Record<string, string>): Promise<Listed[]> {
  const reply = await fetch(`${stack.url}/backends`, { headers });
  return ((await reply.json()) as { data: Listed[] }).data;
}

/** A forwarded token as a workspace issues it, with its scopes inside. */
function jwt(scope: string): Record<string, string> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    "x-forwarded-access-token": `${part({ alg: "none" })}.${part({ sub: "ada@example.com", scope })}.x`,
  };
}

describe("two users at once", () => {
  it("are each asked for under their own name, in conversations and cached answers of their own", async () => {
    const turns = await Promise.all([
      asked(ada, "same"),
      asked(bob, "same"),
      asked(ada, "other"),
      asked(bob, "other"),
    ]);
    const again = await Promise.all([asked(ada, "third"), asked(bob, "third")]);
    for (const { body } of [...turns, ...again]) {
      const calls = body.custom_outputs.backend_calls ?? [];
      expect(calls.map(({ backend, status, identity }) => [backend, status, identity])).toEqual(
        NAMES.map((name) => [name, "ok", "user"]),
      );
    }
    const questions = (await stack.calls()).filter(({ endpoint }) =>
      ["genie_mcp", "ka", "churn", "app"].includes(endpoint),
    );
    expect(new Set(questions.map(({ identity }) => identity))).toEqual(new Set(["user"]));
    const owners = new Map<string, Set<string | null>>();
    for (const { conversation_id: id, subject } of questions)
      if (id !== null) owners.set(id, (owners.get(id) ?? new Set()).add(subject));
    expect(owners.size).toBeGreaterThanOrEqual(2);
    expect([...owners.values()].filter(({ size }) => size > 1)).toEqual([]);
    for (const subject of ["ada@example.com", "bob@example.com"]) {
      const own = questions.filter((call) => call.subject === subject);
      expect(own.filter(({ endpoint }) => endpoint === "ka")).toHaveLength(3);
    }
    const cached = again.map(({ body }) => body.custom_outputs.backend_calls?.[0]?.cached);
    expect(cached).toEqual([true, true]);
  });

  it("never get an answer from the other's cache", async () => {
    const plan = planOf([{ backend: "revenue_genie", question: "How many customers churned in 2025?" }]);
    const first = await asked(ada, "cache-1", plan);
    const other = await asked(bob, "cache-2", plan);
    const second = await asked(ada, "cache-3", plan);
    const calls = [first, other, second].map(({ body }) => body.custom_outputs.backend_calls?.[0]?.cached);
    expect(calls).toEqual([false, false, true]);
  });

  it("cannot read, continue or list each other's responses", async () => {
    const { body } = await asked(ada, "private");
    const read = await fetch(`${stack.url}/responses/${body.id}`, { headers: bob });
    expect(read.status).toBe(404);
    const continued = await stack.ask({ input: "And?", previous_response_id: body.id }, bob);
    expect([continued.status, continued.body.error?.code]).toEqual([400, "previous_response_not_found"]);
    const threads = await (await fetch(`${stack.url}/threads`, { headers: bob })).text();
    expect(threads).not.toContain("private");
  });
});

describe("the identity really used", () => {
  it("stands in the list of backends, for each caller", async () => {
    expect((await listed(ada)).map(({ identity_used, problem }) => [identity_used, problem])).toEqual(
      NAMES.map(() => ["user", null]),
    );
    for (const { name, identity, identity_used, problem } of await listed({})) {
      expect([identity, identity_used]).toEqual(["user", null]);
      expect(problem).toBe(
        `${name} must be asked in the name of a user, but no user token came along: sign in, or set \`identity: app\`.`,
      );
    }
  });

  it("stands on the span of the question", async () => {
    const { body } = await asked(ada, "span");
    const reply = await fetch(`${stack.url}/traces/${body.id}`, { headers: ada });
    const trace = JSON.stringify(await reply.json());
    expect(new Set(trace.match(/"backend\.identity":"\w+"/g))).toEqual(
      new Set(['"backend.identity":"user"']),
    );
    expect(trace).not.toContain("user-ada");
  });
});

describe("a user's token without a scope", () => {
  it("is found before the first question, with the fix", async () => {
    const problems = (await listed(jwt("iam.current-user:read sql dashboards.genie"))).map(
      ({ problem }) => problem,
    );
    const missing = (name: string) =>
      `${name} refused access to this identity: its token lacks the scope \`model-serving\` or \`serving.serving-endpoints\`: add it to the app's \`user_api_scopes\` and sign in again.`;
    expect(problems).toEqual([null, missing("policy_assistant"), missing("churn_model"), null]);
    expect((await stack.calls()).filter(({ endpoint }) => endpoint !== "scim")).toEqual([]);
  });

  it("is refused by exactly the backends that were named", async () => {
    const { body } = await asked(jwt("dashboards.genie"), "scopes");
    const calls = body.custom_outputs.backend_calls ?? [];
    expect(calls.map(({ backend, error }) => [backend, error?.code ?? null])).toEqual([
      ["revenue_genie", null],
      ["policy_assistant", "forbidden"],
      ["churn_model", "forbidden"],
      ["retention_agent", null],
    ]);
  });
});

describe("a connection that the user must log in to", () => {
  const sentence = (host = new URL(stack.sandbox.url).host) =>
    `Credential for user identity('ada@example.com') is not found for the connection 'github_u2m'. Please login first to the connection by visiting https://${host}/explore/connections/github_u2m`;
  const fault = (host?: string) => ({
    kind: "status",
    status: 400,
    error_code: "BAD_REQUEST",
    message: `${sentence(host)}.`,
  });

  it("is named in the answer in the words that the stock chat UI makes a button of", async () => {
    await stack.admin("faults", { endpoint: "ka", fault: fault() });
    const { body } = await asked(ada, "login-1");
    expect(textOf(body)).toContain(sentence());
  });

  it("is named without its address when that is not the workspace's", async () => {
    await stack.admin("faults", { endpoint: "ka", fault: fault("workspace.example") });
    const { body } = await asked(ada, "login-3");
    expect(JSON.stringify(body)).toContain("log in to the connection 'github_u2m' in the workspace");
    expect(JSON.stringify(body)).not.toContain("workspace.example");
  });

  it("is the error's message when nothing else answered", async () => {
    await stack.admin("faults", { endpoint: "ka", fault: fault() });
    const plan = planOf([{ backend: "policy_assistant", question: "What is our refund policy?" }]);
    const { status, body } = await asked(ada, "login-2", plan);
    expect(status).toBe(502);
    expect(body.error?.message).toContain(sentence());
  });
});
