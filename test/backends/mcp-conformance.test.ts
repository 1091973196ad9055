/** The official conformance suite of the Model Context Protocol against our client, as the `mcp` backend uses it. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NOT_OURS, PASSED } from "./mcp-conformance/scenarios.ts";

/** The program of @modelcontextprotocol/conformance, and a Node 22 or later to run it; `.ci/run` installs both. */
const { MCP_CONFORMANCE: program, NODE22: node } = process.env;
const missing = program === undefined || node === undefined;
if (missing)
  process.stdout.write(
    "skipped: MCP_CONFORMANCE and NODE22 do not name @modelcontextprotocol/conformance and a Node 22\n",
  );

const CLIENT = `"${process.execPath}" --import tsx test/backends/mcp-conformance/client.ts`;

interface Check {
  id: string;
  status: "SUCCESS" | "FAILURE" | "WARNING" | "INFO" | "SKIPPED";
}

describe.skipIf(missing)("@modelcontextprotocol/conformance", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "conformance-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (...args: string[]) => promisify(execFile)(node ?? "", [program ?? "", ...args]);

  /** Its checks, and what our client wrote. */
  async function play(scenario: string): Promise<{ checks: Check[]; said: string }> {
    const out = join(folder, scenario.replaceAll("/", "-"));
    // It ends with 1 when a check fails.
    await run("client", "--command", CLIENT, "--scenario", scenario, "-o", out).catch(() => undefined);
    const files = await readdir(out, { recursive: true });
    const read = async (name: string) =>
      await readFile(join(out, files.find((file) => file.endsWith(name)) ?? name), "utf8");
    return { checks: JSON.parse(await read("checks.json")) as Check[], said: await read("stdout.txt") };
  }

  it("has no client scenario that is neither passed nor explained", async () => {
    const { stdout } = await run("list", "--client");
    const listed = [...stdout.matchAll(/^ {2}- (\S+)/gm)].map(([, name = ""]) => name);
    expect(listed.toSorted()).toEqual([...PASSED, ...Object.keys(NOT_OURS)].toSorted());
  });

  it.each(PASSED)("passes %s", { timeout: 60_000 }, async (scenario) => {
    const { checks } = await play(scenario);
    expect(checks.filter(({ status }) => status === "FAILURE" || status === "WARNING")).toEqual([]);
    expect(checks.filter(({ status }) => status === "SUCCESS").length).toBeGreaterThan(0);
  });

  it("asks no authorization server that a stranger's server names", { timeout: 60_000 }, async () => {
    const { checks, said } = await play("auth/metadata-default");
    expect(said).toBe("failed: unauthorized\n");
    // A step of the OAuth flow that was taken would be a success.
    expect(checks.filter(({ status }) => status === "SUCCESS")).toEqual([]);
    expect(checks.map(({ id }) => id)).toContain("incoming-request");
  });
});
