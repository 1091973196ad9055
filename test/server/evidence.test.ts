/** The evidence behind a citation, handed to the response's owner alone. */
import { afterEach, describe, expect, it } from "vitest";
import { answerOf, findingOf, turnResult } from "./scripted-orchestrator.ts";
import { post, startTestServer, type TestServer } from "./test-server.ts";

const TABLE = { kind: "table", title: "MRR", columns: [{ name: "mrr", type: "LONG" }], rows: [[42]] };

let server: TestServer;
let kept: { owner: string; thread: string }[];
afterEach(() => server.close());

async function ask(): Promise<string> {
  kept = [];
  server = await startTestServer({
    deps: {
      evidence: (owner, thread) => {
        kept.push({ owner, thread });
        return { get: async (hash) => (hash === "h1" ? TABLE : null) };
      },
      identify: async (req) => ({ subject: String(req.headers["x-test-user"] ?? "user:ada") }),
    },
    script: async (_input, context) => {
      const reference = { kind: "table" as const, title: "MRR", url: null, preview: "mrr\n42" };
      const finding = findingOf({
        evidence: [
          { ...reference, id: "s1.e1", hash: "h1" },
          { ...reference, id: "s1.e2", hash: "gone" },
        ],
      });
      const answer = answerOf("It is 42 [1].");
      context.emit({ type: "answer", answer });
      return turnResult({ answer, findings: [finding] });
    },
  });
  const { id } = (await (await post(`${server.url}/responses`, { input: "MRR?" })).json()) as { id: string };
  return id;
}

describe("GET /responses/:id/evidence/:id", () => {
  it("gives the whole evidence, looked up in the response's own thread", async () => {
    const id = await ask();
    const reply = await fetch(`${server.url}/responses/${id}/evidence/s1.e1`);
    expect(await reply.json()).toEqual(TABLE);
    expect(kept).toEqual([{ owner: "user:ada", thread: expect.stringMatching(/^t_/) as string }]);
  });

  it.each([
    ["evidence that the response does not cite", "/evidence/s9.e1", {}],
    ["evidence that is gone", "/evidence/s1.e2", {}],
    ["somebody else's response", "/evidence/s1.e1", { "x-test-user": "user:eve" }],
  ])("answers 404 for %s", async (_what, path, headers) => {
    const id = await ask();
    const reply = await fetch(`${server.url}/responses/${id}${path}`, { headers });
    expect(reply.status).toBe(404);
    expect(await reply.json()).toMatchObject({ error: { code: "not_found", param: "evidence_id" } });
  });
});
