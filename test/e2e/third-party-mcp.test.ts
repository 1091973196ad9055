/** A real MCP server from npm, somebody else's, as a backend from configuration alone. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { planOf } from "./given-plan.ts";
import { startStack, textOf, type Stack } from "./stack.ts";

/** The program of @modelcontextprotocol/server-everything; `.ci/run` installs it. */
const program = process.env.MCP_EVERYTHING;
if (program === undefined)
  process.stdout.write("skipped: MCP_EVERYTHING does not name @modelcontextprotocol/server-everything\n");

describe.skipIf(program === undefined)("@modelcontextprotocol/server-everything", () => {
  let child: ChildProcess;
  let stack: Stack;
  beforeAll(async () => {
    const port = await freePort();
    child = spawn(process.execPath, [program ?? "", "streamableHttp"], {
      env: { PATH: process.env.PATH, PORT: String(port) },
      stdio: ["ignore", "ignore", "pipe"],
    });
    await listening(child);
    const server = {
      kind: "mcp",
      target: `http://127.0.0.1:${port}/mcp`,
      send_token: false,
      description: "Somebody else's tools, for tests of the protocol.",
    };
    const echo = { ...server, name: "echo", tool: "echo" };
    const sum = {
      ...server,
      name: "sum",
      tool: "get-sum",
      arguments: { a: 19, b: 23 },
      not_for: "Everything but one sum.",
    };
    stack = await startStack(overlay({ backends: [echo, sum] }));
  }, 30_000);
  afterAll(async () => {
    await stack.close();
    child.kill("SIGKILL");
  });

  it("answers through two of its tools in one question, without our token", async () => {
    const plan = planOf([
      { backend: "echo", question: "Is anybody there?" },
      { backend: "sum", question: "What is the sum?" },
    ]);
    const { body } = await stack.ask({ input: "Try both.", custom_inputs: { plan } });
    const calls = body.custom_outputs.backend_calls ?? [];
    expect(calls.map(({ backend, status, error }) => [backend, status, error])).toEqual([
      ["echo", "ok", null],
      ["sum", "ok", null],
    ]);
    expect(textOf(body)).toContain("Is anybody there?");
    expect(textOf(body)).toContain("42");
  });
});

/** The server takes no port 0. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("listening on port")) resolve();
    });
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
  });
}
