/** The rooms of the project and which way they may look, held as data against every file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { longFunctions } from "./long-functions.ts";

/** What the files of a folder may import beside their own folder. `web` has no TypeScript of ours to import. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  config: [],
  backends: ["config"],
  routing: ["config", "backends"],
  grounding: ["config"],
  nodes: ["routing", "grounding", "backends", "config"],
  graphs: ["nodes", "routing", "grounding", "backends", "store", "tracing", "config"],
  store: ["config"],
  tracing: ["backends", "grounding", "store", "config"],
  server: ["graphs", "nodes", "routing", "backends", "store", "tracing", "config"],
  cli: [
    "server",
    "graphs",
    "nodes",
    "routing",
    "grounding",
    "backends",
    "store",
    "tracing",
    "config",
    "evals",
  ],
  evals: ["graphs", "routing", "grounding", "backends", "store", "tracing", "config"],
  sandbox: [],
  bench: [],
  scripts: ["config", "graphs", "backends", "routing", "store", "server", "cli"],
  web: [],
};

/** Programs: they alone read the environment and write to the terminal. */
const ENTRY_POINTS = [
  /^(server|cli|sandbox|evals|bench)\/main\.ts$/,
  /^graphs\/studio\.ts$/,
  /^scripts\/[^/]+\.ts$/,
  /^bench\/[^/]+\/main\.ts$/,
];

/** Files over 250 lines, each with the reason why it is one concept. */
const LONG_FILES: Record<string, string> = {
  "config/schema.ts": "the whole of what a user can set, documented key by key, in one place",
};

/** Functions over 50 lines of today, each with the lines that it may have; a list of metrics may have a few more. */
const LONG_FUNCTIONS: Record<string, number> = {
  "server/background/background-runs.ts backgroundRuns": 78,
  "server/routes/system.ts systemRoutes": 67,
  "store/sqlite.ts connect": 60,
  "tracing/metrics/run-metrics.ts runMetrics": 70,
  "store/postgres-database.ts postgresDatabase": 52,
};

/** Files that read the text of an error, each with the reason why there is no code to go by. */
const READS_MESSAGES: Record<string, string> = {
  "backends/fault.ts":
    "compares with the sentence that it makes itself, to tell a general hint from a special one",
  "backends/mcp/mcp-fault.ts": "the MCP SDK tells HTTP failures by text alone",
};

const NO_FOLDER_NAMES = ["utils", "util", "common", "shared", "lib", "core", "types", "helpers", "misc"];

const files = Object.keys(MAY_IMPORT)
  .flatMap(walk)
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"));

/** Folders at the root that hold no code of the product. */
const OTHER_FOLDERS = ["docs", "node_modules", "test", "dist", "coverage"];

function walk(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (["node_modules", "dist", "vendor"].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

function relativeImports(path: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path, "utf8"), true, true);
  return importedFiles.map((each) => each.fileName).filter((name) => name.startsWith("."));
}

function roomOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function withLine(pattern: RegExp, among: readonly string[]): string[] {
  return among.flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line, index) =>
        pattern.test(line) && !/^\s*(\*|\/\/|\/\*\*)/.test(line) ? [`${path}:${index + 1}`] : [],
      ),
  );
}

describe("the table of folders", () => {
  it("is the one in docs/architecture.md", () => {
    const rows = [
      ...readFileSync("docs/architecture.md", "utf8").matchAll(/^\| `(\w+)\/` \|[^|]*\| ([^|]*) \|$/gm),
    ];
    const documented = rows.map(([, folder = "", allowed = ""]) => {
      const names = [...allowed.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? "");
      const except = allowed.startsWith("everything but");
      return [
        folder,
        except ? Object.keys(MAY_IMPORT).filter((each) => each !== folder && !names.includes(each)) : names,
      ] as const;
    });
    const sorted = (entries: (readonly [string, readonly string[]])[]) =>
      Object.fromEntries(entries.map(([folder, allowed]) => [folder, allowed.toSorted()]));
    expect(sorted(documented)).toEqual(sorted(Object.entries(MAY_IMPORT)));
  });
});

describe("folders at the root", () => {
  it("are all in the table", () => {
    const folders = readdirSync(".", { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const visible = folders.map((entry) => entry.name).filter((name) => !name.startsWith("."));
    expect(visible.filter((name) => !(name in MAY_IMPORT) && !OTHER_FOLDERS.includes(name))).toEqual([]);
  });
});

describe("imports", () => {
  it("go only where the table of rooms allows", () => {
    const wrong = files.flatMap((path) =>
      relativeImports(path).flatMap((name) => {
        const target = roomOf(normalize(join(dirname(path), name)));
        const allowed = target === roomOf(path) || MAY_IMPORT[roomOf(path)]?.includes(target);
        return allowed ? [] : [`${path} imports ${name}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("name the file with its extension", () => {
    const wrong = files.flatMap((path) =>
      relativeImports(path).flatMap((name) =>
        /\.(tsx?|json)$/.test(name) ? [] : [`${path} imports ${name}`],
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe("files", () => {
  it("have kebab-case names, in folders that say what is in them", () => {
    const wrong = files.filter((path) => {
      const folders = dirname(path).split("/");
      return (
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.tsx?$/.test(basename(path)) ||
        folders.some((each) => NO_FOLDER_NAMES.includes(each))
      );
    });
    expect(wrong).toEqual([]);
  });

  it("begin with a sentence about what is in them", () => {
    expect(files.filter((path) => !/^(#!.*\n)?\/\*\* \S[^]*?\*\//.test(readFileSync(path, "utf8")))).toEqual(
      [],
    );
  });

  it("stay under 250 lines unless a reason is given here", () => {
    const long = files.filter((path) => readFileSync(path, "utf8").split("\n").length > 251);
    expect(long.filter((path) => !(path in LONG_FILES))).toEqual([]);
    expect(Object.keys(LONG_FILES).filter((path) => !long.includes(path))).toEqual([]);
  });

  it("export by name", () => {
    expect(withLine(/^export default\b/, files)).toEqual([]);
  });

  it("are no barrels", () => {
    expect(withLine(/^export (\*|(type )?\{[^}]*\} from)/, files)).toEqual([]);
  });
});

describe("programs", () => {
  const others = files.filter((path) => !ENTRY_POINTS.some((pattern) => pattern.test(path)));

  it("alone read the environment", () => {
    expect(withLine(/\bprocess\.env\b|\benv\b[^=]*\} = process\b/, others)).toEqual([]);
  });

  it("and the command line alone write to the terminal", () => {
    expect(
      withLine(
        /\bconsole\.\w+\(/,
        others.filter((path) => roomOf(path) !== "cli"),
      ),
    ).toEqual([]);
  });
});

describe("functions", () => {
  it("stay under 50 lines, but for those that are named here", () => {
    const long = files.filter((path) => path.endsWith(".ts")).flatMap((path) => longFunctions(path, 50));
    expect(long.filter(([name, lines]) => lines > (LONG_FUNCTIONS[name] ?? 50))).toEqual([]);
    const names = long.map(([name]) => name);
    expect(Object.keys(LONG_FUNCTIONS).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("the code", () => {
  it("has no way around the type checker", () => {
    expect(withLine(/\bas unknown as\b|: any\b|<any>|@ts-(ignore|expect-error|nocheck)/, files)).toEqual([]);
  });

  it("never decides by the text of an error", () => {
    const others = files.filter((path) => !(path in READS_MESSAGES));
    expect(withLine(/\.message(\.includes|\.startsWith|\.match|\s*===)/, others)).toEqual([]);
  });
});
