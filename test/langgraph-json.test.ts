/** What `langgraphjs build` makes an image from, as far as that can be looked at without Docker. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { z } from "zod";

/** The keys of LangGraph's schema that are used here; a typing error in another key fails. */
const LangGraphJson = z.strictObject({
  node_version: z.enum(["20", "22", "24"]),
  graphs: z.record(z.string().regex(/^[a-z_]+$/), z.string().regex(/^\.\/[\w/.-]+\.ts:\w+$/)),
  env: z.strictObject({}),
  dependencies: z.tuple([z.literal(".")]),
});
const PackageJson = z.object({
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
});

const config = LangGraphJson.parse(JSON.parse(readFileSync("langgraph.json", "utf8")));
const { dependencies, engines } = PackageJson.parse(JSON.parse(readFileSync("package.json", "utf8")));
const specs = Object.values(config.graphs).map((spec) => spec.split(":"));

describe("langgraph.json", () => {
  it("names graphs that are exported where it says", () => {
    for (const [path = "", name = ""] of specs)
      expect(readFileSync(path, "utf8")).toMatch(new RegExp(`^export const ${name} =`, "m"));
    expect(Object.keys(config.graphs)).toEqual(["orchestrator", "single_agent"]);
  });

  it("asks for a version of Node that the project runs on", () => {
    const floor = Number(/^>=(\d+)/.exec(engines.node)?.[1]);
    expect(Number(config.node_version)).toBeGreaterThanOrEqual(floor);
  });

  it("needs nothing but production dependencies for its graphs", () => {
    const seen = new Set<string>();
    const wanted = new Set(specs.flatMap(([path = ""]) => [...packages(path, seen)]));
    expect([...wanted].filter((name) => !(name in dependencies))).toEqual([]);
    expect(wanted).toContain("@langchain/langgraph");
  });

  it("makes a Dockerfile of LangGraph's image that installs from the lock file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dockerfile-"));
    const path = join(folder, "Dockerfile");
    await promisify(execFile)("node_modules/.bin/langgraphjs", ["dockerfile", path]);
    const lines = (await readFile(path, "utf8")).split("\n");
    await rm(folder, { recursive: true });
    expect(lines[0]).toBe("FROM langchain/langgraphjs-api:22");
    expect(lines).toContain("RUN npm ci");
    expect(lines).toContain(`ENV LANGSERVE_GRAPHS='${JSON.stringify(config.graphs)}'`);
  }, 60_000);
});

describe(".dockerignore", () => {
  it("keeps secrets, data and installed packages out of the image", () => {
    const lines = readFileSync(".dockerignore", "utf8").split("\n");
    expect(lines).toEqual(expect.arrayContaining([".env", ".env.*", ".data/", ".git/", "node_modules/"]));
  });
});

/** Names of the packages that a file and everything behind it imports at run time. */
function packages(path: string, seen: Set<string>, found = new Set<string>()): Set<string> {
  if (seen.has(path) || !existsSync(path)) return found;
  seen.add(path);
  const atRunTime = readFileSync(path, "utf8").replaceAll(/^(import|export) type [^;]*;$/gm, "");
  for (const { fileName } of ts.preProcessFile(atRunTime, true, true).importedFiles) {
    if (fileName.startsWith(".")) packages(join(dirname(path), fileName), seen, found);
    else if (!isBuiltin(fileName)) found.add(/^(@[^/]+\/)?[^/]+/.exec(fileName)?.[0] ?? fileName);
  }
  return found;
}
