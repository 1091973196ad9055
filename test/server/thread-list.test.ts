/** The list of earlier conversations, and what a client needs to show one of them again. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seesList } from "../../server/threads/list-threads.ts";
import { answerOf, turnResult } from "./scripted-orchestrator.ts";
import { post, startTestServer, type TestServer } from "./test-server.ts";

/** Of both routes; each test reads what its route answers with. */
interface Reply {
  data: { id: string; title: string; question: string | null; response: { status: string } }[];
  has_more: boolean;
  next: string | null;
  error: { code: string };
}

let server: TestServer;
let now: number;
beforeEach(async () => {
  now = Date.UTC(2026, 0, 5);
  let checkpoints = 0;
  server = await startTestServer({
    script: async (input) => {
      if (input.question.startsWith("Fail")) throw new Error("broken");
      checkpoints += 1;
      return turnResult({
        answer: answerOf(`answer to ${input.question}`),
        checkpoint_id: `c${checkpoints}`,
      });
    },
    deps: {
      clock: () => now,
      identify: async (request) => ({ subject: `user:${String(request.headers["x-test-user"] ?? "ada")}` }),
    },
  });
});
afterEach(() => server.close());

async function ask(input: unknown, thread_id: string, user = "ada"): Promise<string> {
  const reply = await post(
    `${server.url}/responses`,
    { input, custom_inputs: { thread_id } },
    { "x-test-user": user },
  );
  return ((await reply.json()) as { id: string }).id;
}

async function get(path: string, user = "ada"): Promise<{ status: number; body: Reply }> {
  const reply = await fetch(server.url + path, { headers: { "x-test-user": user } });
  return { status: reply.status, body: (await reply.json()) as Reply };
}

describe("the list of threads", () => {
  it("is kept from unidentified callers of other machines, who cannot be told apart", () => {
    const from = (remoteAddress: string) => ({ socket: { remoteAddress } });
    expect(seesList({ subject: "anonymous" }, from("10.0.0.7"))).toBe(false);
    expect(seesList({ subject: "anonymous" }, from("::ffff:127.0.0.1"))).toBe(true);
    expect(seesList({ subject: "anonymous" }, from("::1"))).toBe(true);
    expect(seesList({ subject: "user:ada" }, from("10.0.0.7"))).toBe(true);
  });

  it("names each by its first question, last used first, for its owner alone", async () => {
    await ask("What is\n  our MRR?", "one");
    now += 1_000;
    await ask("Who will churn?", "two");
    await ask("And Bob?", "three", "bob");
    now += 1_000;
    await ask("And by region?", "one");
    const { body } = await get("/threads");
    expect(body).toEqual({
      object: "list",
      data: [
        {
          id: "one",
          object: "thread",
          title: "What is our MRR?",
          created_at: "2026-01-05T00:00:00.000Z",
          updated_at: "2026-01-05T00:00:02.000Z",
        },
        {
          id: "two",
          object: "thread",
          title: "Who will churn?",
          created_at: "2026-01-05T00:00:01.000Z",
          updated_at: "2026-01-05T00:00:01.000Z",
        },
      ],
      has_more: false,
      next: null,
    });
    expect((await get("/v1/threads", "bob")).body.data.map(({ id }) => id)).toEqual(["three"]);
  });

  it("names a thread by its question when no answer came of it, and shortens a long one", async () => {
    await ask("Fail, please", "failed");
    now += 1_000;
    await ask("long ".repeat(100), "long");
    const { data } = (await get("/threads")).body;
    expect(data.map(({ title }) => title.length)).toEqual([160, 12]);
    expect(data[0]?.title.slice(-6)).toBe(" long…");
  });

  it("leaves out what-ifs and threads in which nothing was asked", async () => {
    await ask("What is our MRR?", "one");
    await ask("What is our MRR?", "one#reroute-0123");
    await server.store.threads.touch("user:ada", "t_empty", "empty");
    const { data } = (await get("/threads")).body;
    expect(data.map(({ id }) => id)).toEqual(["one"]);
  });

  it("comes in pages that lose and repeat nothing, whatever is used in the same millisecond", async () => {
    for (const name of ["a", "b.c", "d", "e#reroute-1", "f"]) await ask(`About ${name}`, name);
    const seen: string[] = [];
    let next: string | null = "";
    for (let pages = 0; next !== null && pages < 9; pages++) {
      const query: string = next === "" ? "" : `&before=${encodeURIComponent(next)}`;
      const { body } = await get(`/threads?limit=2${query}`);
      expect(body.has_more).toBe(body.next !== null);
      seen.push(...body.data.map(({ id }) => id));
      next = body.next;
    }
    expect(seen.toSorted()).toEqual(["a", "b.c", "d", "f"]);
  });

  it.each(["before=yesterday", "limit=0", "limit=many"])("refuses %s", async (query) => {
    expect((await get(`/threads?${query}`)).status).toBe(400);
  });
});

describe("the turns of a thread", () => {
  it("are whole responses with their questions, newest first, failed ones included, in pages", async () => {
    const ids: string[] = [];
    for (const question of ["First?", "Fail now", [{ role: "user", content: "Third?" }]]) {
      now += 1_000;
      ids.unshift(await ask(question, "one"));
    }
    const first = await get("/threads/one/turns?limit=2");
    expect(first.body.data.map(({ question }) => question)).toEqual(["Third?", "Fail now"]);
    expect(first.body.data[0]?.id).toBe(ids[0]);
    expect(first.body.data.map(({ response }) => response.status)).toEqual(["completed", "failed"]);
    expect(first.body.has_more).toBe(true);
    const rest = await get(`/threads/one/turns?limit=2&before=${first.body.data[1]?.id}`);
    expect(rest.body.data.map(({ id }) => id)).toEqual([ids[2]]);
    expect(rest.body.has_more).toBe(false);
    const stored = await get(`/responses/${ids[2]}`);
    expect(rest.body.data[0]?.response).toEqual(stored.body);
  });

  it("exist for their owner alone", async () => {
    const id = await ask("First?", "one");
    expect((await get("/threads/one/turns", "bob")).body.error.code).toBe("not_found");
    await ask("Mine?", "one", "bob");
    expect((await get(`/threads/one/turns?before=${id}`, "bob")).status).toBe(404);
  });
});
