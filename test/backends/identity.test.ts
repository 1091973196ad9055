import { afterEach, describe, expect, it } from "vitest";
import { ada, bob, failure, KINDS, openWorkspace, question, recorded, type Workspace } from "./workspace.ts";

let workspace: Workspace | null = null;

afterEach(async () => {
  await workspace?.stop();
  workspace = null;
});

const asUser = Object.values(KINDS)
  .filter(({ name }) => !["chat", "supervisor"].includes(name))
  .map((backend) => ({ ...backend, identity: "user" }))
  .map((backend) => (backend.kind === "genie" ? { ...backend, cache_ttl_ms: 60_000 } : backend));

/** Endpoints that answer questions; what only describes them may be asked by the app. */
const LOOK_UPS = ["token", "apps", "serving_info"];

it("keeps two users apart who ask everything at once: token, session, conversation and cache", async () => {
  workspace = await openWorkspace(asUser);
  const opened = workspace;
  const asked = (caller: typeof ada, text: string) =>
    [...opened.backends.values()].map((backend) => backend.ask(question(text), recorded({ caller })));
  const answers = await Promise.all(
    [1, 2].flatMap(() => [
      ...asked(ada, "Ada's rows?"),
      ...asked(bob, "Bob's rows?"),
      ...asked(bob, "The same?"),
      ...asked(ada, "The same?"),
    ]),
  );
  expect(answers.map(({ identity }) => identity)).toEqual(answers.map(() => "user"));
  const { calls } = (await opened.admin("/calls")) as { calls: ReturnType<typeof JSON.parse>[] };
  const questions = calls.filter(({ endpoint }) => !LOOK_UPS.includes(endpoint));
  const owners = new Map<string, Set<string>>();
  for (const { conversation_id, subject } of questions) {
    if (conversation_id !== null)
      owners.set(conversation_id, (owners.get(conversation_id) ?? new Set()).add(subject));
  }
  const askers = (words: string) =>
    new Set(
      questions.filter(({ body }) => JSON.stringify(body).includes(words)).map(({ subject }) => subject),
    );
  expect(new Set(questions.map(({ identity }) => identity))).toEqual(new Set(["user"]));
  expect([askers("Ada's"), askers("Bob's")]).toEqual([
    new Set(["ada@example.com"]),
    new Set(["bob@example.com"]),
  ]);
  expect(owners.size).toBeGreaterThan(10);
  expect([...owners.values()].filter((subjects) => subjects.size > 1)).toEqual([]);
});

it("sends the user's own token only with their own calls when sessions are shared by time", async () => {
  workspace = await openWorkspace([{ ...KINDS.vector, identity: "user" }]);
  const backend = workspace.backend("vector");
  await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      backend.ask(question(`From ${at}`), recorded({ caller: at % 2 ? ada : bob })),
    ),
  );
  const calls = (await workspace.calls("mcp_vector")).filter(({ rpc }) => rpc?.startsWith("tools/call"));
  const wrong = calls.filter(({ body, subject }) => {
    const at = Number(/\d+/.exec(body.params.arguments.query)?.[0]);
    return subject !== (at % 2 ? "ada@example.com" : "bob@example.com");
  });
  expect([calls.length, wrong]).toEqual([20, []]);
});

describe("a backend for users", () => {
  const docs = { ...KINDS.docs, identity: "user" };

  it("is not asked without a user's token", async () => {
    workspace = await openWorkspace([docs]);
    const error = await failure(workspace.backend("docs").ask(question("Refunds?"), recorded()));
    expect(error).toMatchObject({
      code: "needs_user",
      message:
        "docs must be asked in the name of a user, but no user token came along: sign in, or set `identity: app`.",
    });
    expect(await workspace.calls("ka")).toEqual([]);
  });

  it("uses a configured personal token outside of an App, and says that it is not the user's", async () => {
    workspace = await openWorkspace([docs]);
    const host = workspace.sandbox.url;
    const own = await openWorkspace([docs], { config: { workspace: { host, token: "dapi0123" } } });
    expect((await own.backend("docs").ask(question("Refunds?"), recorded())).identity).toBe("app");
    await own.stop();
    const inside = await openWorkspace([docs], {
      config: { workspace: { host, token: "dapi0123" } },
      deps: { env: { DATABRICKS_APP_NAME: "orchestrator" } },
    });
    expect((await failure(inside.backend("docs").ask(question("Refunds?"), recorded()))).code).toBe(
      "needs_user",
    );
    await inside.stop();
  });

  it("does not fall back to the app when the user's token is refused", async () => {
    workspace = await openWorkspace([docs]);
    const caller = { subject: "user:eve@example.com", access_token: "wrong" };
    expect(
      (await failure(workspace.backend("docs").ask(question("Refunds?"), recorded({ caller })))).code,
    ).toBe("unauthorized");
    expect((await workspace.calls("ka")).map(({ identity }) => identity)).toEqual(["none"]);
  });

  it("says which permission a token without the scope lacks", async () => {
    workspace = await openWorkspace([docs]);
    const caller = { subject: "user:ada@example.com", access_token: "user-ada:sql" };
    const error = await failure(workspace.backend("docs").ask(question("Refunds?"), recorded({ caller })));
    expect(error.message).toBe(
      "docs refused access to this identity: grant this identity CAN_QUERY on the knowledge assistant's endpoint.",
    );
  });
});

describe("the app's token", () => {
  it("is asked for once by many callers and renewed once when it has expired", async () => {
    workspace = await openWorkspace([KINDS.docs]);
    const backend = workspace.backend("docs");
    const all = () =>
      Promise.all(Array.from({ length: 30 }, () => backend.ask(question("Refunds?"), recorded())));
    await all();
    expect(await workspace.admin("/tokens")).toMatchObject({ issued: 1 });
    await workspace.admin("/tokens/expire", {});
    expect((await all()).map(({ text }) => text)).toEqual(
      Array.from({ length: 30 }, () => "Refunds take 5 days. Exports are kept."),
    );
    expect(await workspace.admin("/tokens")).toMatchObject({ issued: 2 });
  });

  it("is renewed before its end, once per lifetime, under load", async () => {
    workspace = await openWorkspace([KINDS.docs], { sandbox: { tokenLifetimeS: 0.5 } });
    const backend = workspace.backend("docs");
    const until = Date.now() + 2_000;
    const worker = async () => {
      let answered = 0;
      while (Date.now() < until) {
        await backend.ask(question("Refunds?"), recorded());
        answered += 1;
      }
      return answered;
    };
    const counts = await Promise.all(Array.from({ length: 10 }, worker));
    expect(Math.min(...counts)).toBeGreaterThan(0);
    // 2 s in lifetimes of 0.45 s, and the first.
    expect((await workspace.admin("/tokens")).issued).toBeLessThanOrEqual(7);
  });
});

describe("whoami", () => {
  const never = new AbortController().signal;

  it("names the user of a token, and asks once", async () => {
    workspace = await openWorkspace([KINDS.docs]);
    const expected = { subject: "user:ada@example.com", email: "ada@example.com" };
    expect(await workspace.whoami("user-ada", never)).toEqual(expected);
    expect(await workspace.whoami("user-ada", never)).toEqual(expected);
    expect(await workspace.whoami("user-bob", never)).toMatchObject({ subject: "user:bob@example.com" });
    expect(await workspace.calls("scim")).toHaveLength(2);
  });

  it("refuses a token that the workspace does not know, without asking each time", async () => {
    workspace = await openWorkspace([KINDS.docs]);
    expect((await failure(workspace.whoami("wrong", never))).code).toBe("unauthorized");
    expect((await failure(workspace.whoami("wrong", never))).code).toBe("unauthorized");
    expect(await workspace.calls("scim")).toHaveLength(1);
  });
});
