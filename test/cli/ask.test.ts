/** `orchestrator ask` against the real server with a scripted graph. */
import { afterEach, describe, expect, it } from "vitest";
import { playing, turnResult, twoBackendRun } from "../server/scripted-orchestrator.ts";
import { startTestServer, type TestServer, type TestServerOptions } from "../server/test-server.ts";
import { runOrchestrator } from "./shell-double.ts";

let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function ask(args: string[], options: TestServerOptions = {}, env: Record<string, string> = {}) {
  server = await startTestServer(options);
  return runOrchestrator(["ask", ...args, "--url", server.url], { env });
}

describe("ask", () => {
  it("writes the answer and its sources to the output, the steps beside it", async () => {
    const { out, err, code } = await ask(["Who churns?"]);
    const events = twoBackendRun();
    const answer = events.find((event) => event.type === "answer")?.answer;
    expect(out).toContain(answer?.text ?? "no answer");
    for (const { n, title } of answer?.citations ?? []) expect(out).toContain(`[${n}] ${title}`);
    expect(err).toContain("s1  sales_genie: answered");
    expect(out).not.toContain("answered (");
    expect(code).toBe(0);
  });

  it("shows the plan before the steps run", async () => {
    const { err } = await ask(["Who churns?"]);
    expect(err.indexOf("s1  sales_genie:")).toBeLessThan(err.indexOf("s1  sales_genie: answered"));
    expect(err).toMatch(/^s1 {2}sales_genie/);
  });

  it("says how to go on, and goes on from there", async () => {
    const first = await ask(["Who churns?"]);
    const id = /--previous (resp_\w+)/.exec(first.err)?.[1] ?? "";
    expect(
      (await runOrchestrator(["ask", "And why?", "--url", server?.url ?? "", "--previous", id])).code,
    ).toBe(0);
    const [one, two] = server?.orchestrator.turns ?? [];
    expect(two?.input.thread_id).toBe(one?.input.thread_id);
  });

  it("prints the whole response object with --json", async () => {
    const { out, code } = await ask(["Who churns?", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ object: "response", status: "completed" });
    expect(code).toBe(0);
  });

  it("ends with code 1 and the reason when every backend failed", async () => {
    const failure = { code: "unavailable", message: "sales_genie is unavailable." };
    const script = async () => turnResult({ status: "failed", failure });
    const { err, code } = await ask(["Who churns?"], { script });
    expect(err).toContain("sales_genie is unavailable.");
    expect(code).toBe(1);
  });

  it("repeats what the server says of a bad request", async () => {
    const { err, code } = await ask(["Who?", "--previous", "resp_none"]);
    expect(err).toMatch(/resp_none|previous response/i);
    expect(code).toBe(1);
  });

  it("sends the token of the environment", async () => {
    const seen: (string | undefined)[] = [];
    const identify: NonNullable<TestServerOptions["deps"]>["identify"] = async (request) => {
      seen.push(request.headers.authorization);
      return { subject: "user:ada" };
    };
    await ask(
      ["Who?"],
      { script: playing(twoBackendRun()), deps: { identify } },
      { ORCHESTRATOR_TOKEN: "t-1" },
    );
    expect(seen).toEqual(["Bearer t-1"]);
  });

  it("asks at the port that the environment names", async () => {
    const stopped = await startTestServer();
    await stopped.close();
    const { err } = await runOrchestrator(["ask", "Who?"], { env: { PORT: new URL(stopped.url).port } });
    expect(err).toBe(`No server answers at ${stopped.url}. Start one with \`npm start\`.\n`);
  });

  it("says how to start a server when none answers", async () => {
    const stopped = await startTestServer();
    await stopped.close();
    const { err, code } = await runOrchestrator(["ask", "Who?", "--url", stopped.url]);
    expect(err).toBe(`No server answers at ${stopped.url}. Start one with \`npm start\`.\n`);
    expect(code).toBe(1);
  });
});
