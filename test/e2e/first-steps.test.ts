/** What a stranger does wrong at first: every time a sentence with the fix, exit code 1, and no stack. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";

async function run(program: string, args: string[], env: Record<string, string>) {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, ["--import", "tsx", program, ...args], {
    env: { PATH, HOME, PORT: "0", ...env },
    timeout: 30_000,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code]: unknown[] = await once(child, "close");
  return { said, code };
}

describe("the programs", () => {
  it.each([
    ["server/main.ts", [], { LOG_LEVEL: "loud" }, "one of trace, debug, info, warn, error, fatal, silent"],
    ["sandbox/main.ts", [], { SANDBOX_PORT: "many" }, "SANDBOX_PORT is many. Set it to a whole number"],
    ["scripts/fuzz.ts", ["--request", "5"], {}, "Unknown option '--request'"],
  ])("%s %j with %j says what to do", async (program, args, env, sentence) => {
    const { said, code } = await run(program, args, env);
    expect(said).toContain(sentence);
    expect(said).not.toMatch(/^\s+at .*:\d+/m);
    expect(code).toBe(1);
  }, 40_000); // prettier-ignore

  it("explain themselves", async () => {
    const { said, code } = await run("server/main.ts", ["--help"], {});
    expect(said).toMatch(/^npm start -- \[--workers <number>\]\n/);
    expect(code).toBe(0);
  }, 40_000);

  it("say so when the port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const port = String((taken.address() as AddressInfo).port);
    const env = { PORT: port, SANDBOX_URL: "http://127.0.0.1:9", ORCHESTRATOR_DB: ":memory:" };
    const { said, code } = await run("server/main.ts", [], env);
    taken.close();
    expect(said.trim()).toBe(`Port ${port} is taken. Set PORT to another one, or to 0 for any free port.`);
    expect(code).toBe(1);
  }, 40_000);
});
