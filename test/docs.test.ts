/** The documentation against the code: nothing stale, nothing missing, nothing that does not exist. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadConfig } from "../config/load.ts";
import { generated, withGenerated } from "../scripts/docs/generated.ts";
import { allRoutes } from "../server/routes/all-routes.ts";

const pages = ["README.md", "AGENTS.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter(
  (path) => path.endsWith(".md"),
);
const prose = pages.map((path) => read(path)).join("\n");
const programs = [
  "backends",
  "cli",
  "config",
  "evals",
  "graphs",
  "nodes",
  "routing",
  "sandbox",
  "bench",
  "server",
  "store",
  "tracing",
];
const PackageJson = z.object({ scripts: z.record(z.string(), z.string()) });

function read(path: string): string {
  return readFileSync(path, "utf8");
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

function matches(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ""))].sort();
}

describe("what is generated", () => {
  it("is as the code says; `npm run docs` writes it", async () => {
    for (const [file, text] of withGenerated(".", await generated("."))) {
      expect.soft(text === read(file), `${file} is stale: run \`npm run docs\``).toBe(true);
    }
  });
});

describe("scripts", () => {
  const scripts = Object.keys(PackageJson.parse(JSON.parse(read("package.json"))).scripts);
  const mentioned = matches(prose, /\bnpm run ([a-z][\w:-]*)/g);

  it("are documented", () => {
    const silent = scripts.filter(
      (name) => !mentioned.includes(name) && !new RegExp(`\\bnpm ${name}\\b`).test(prose),
    );
    expect(silent).toEqual([]);
  });

  it("run files that exist", () => {
    const all = Object.values(PackageJson.parse(JSON.parse(read("package.json"))).scripts).join("\n");
    expect(matches(all, /\btsx ([\w/.-]+)/g).filter((path) => !existsSync(path))).toEqual([]);
  });

  it("exist where the documentation names them", () => {
    expect(mentioned.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});

describe("environment variables", () => {
  const example = matches(read(".env.example"), /^([A-Z][A-Z0-9_]*)=/gm);
  const code = programs.flatMap(filesIn).filter((path) => path.endsWith(".ts"));
  const yaml = ["config/orchestrator.yaml", "config/sandbox.yaml"];
  const used = [
    ...matches(code.map(read).join("\n"), /\benv(?:\.|\[")([A-Z][A-Z0-9_]+)\b/g),
    ...matches(yaml.map(read).join("\n").replaceAll(/^#.*$/gm, ""), /\$\{([A-Z][A-Z0-9_]+)/g),
  ];

  it("are all in .env.example", () => {
    expect(used.filter((name) => !example.includes(name))).toEqual([]);
  });

  it("of .env.example are all read", () => {
    expect(example.filter((name) => !used.includes(name))).toEqual([]);
  });
});

describe("routes", () => {
  const paths = allRoutes({ name: "", description: "", server: { langgraph_api: true } }).flatMap((route) =>
    route.paths.map((path) => ({
      method: route.method.toUpperCase(),
      pattern: new RegExp(`^${path.replace(/:\w+/g, "[^/]+")}$`),
    })),
  );

  it("exist where the documentation calls them", () => {
    const calls = [...prose.matchAll(/\b(GET|POST|DELETE) (\/[\w/:.-]*\w)/g)].map(
      ([, method = "", path = ""]) => ({ method, path }),
    );
    const urls = matches(prose, /http:\/\/127\.0\.0\.1:8000(\/[\w/.-]+)/g).filter(
      (path) => path !== "/v1" && path !== "/langgraph",
    );
    expect(
      calls.filter(
        ({ method, path }) => !paths.some((each) => each.method === method && each.pattern.test(path)),
      ),
    ).toEqual([]);
    expect(urls.filter((path) => !paths.some((each) => each.pattern.test(path)))).toEqual([]);
  });
});

describe("pages", () => {
  it("link to files that exist", () => {
    const broken = pages.flatMap((page) =>
      matches(read(page), /\]\((?!https?:)([^)#\s]+)/g).flatMap((target) =>
        existsSync(join(dirname(page), target)) ? [] : [`${page} links to ${target}`],
      ),
    );
    expect(broken).toEqual([]);
  });

  it("keep to their length", () => {
    expect(read("README.md").split("\n").length).toBeLessThanOrEqual(160);
    expect(read("AGENTS.md").split("\n").length).toBeLessThan(60);
  });

  it("name the test command on a line of its own", () => {
    expect(matches(read("README.md"), /^(.*\bnpm test\b.*)$/gm)[0]).toBe("npm ci && npm test");
  });

  it("show backends that load", () => {
    const blocks = matches(read("docs/configuration.md"), /```yaml\n(backends:[^]*?)```/g);
    expect(blocks).toHaveLength(1);
    const files = [
      { path: "docs/configuration.md", text: `workspace: { host: a.example.com }\n${blocks[0]}` },
    ];
    expect(loadConfig({}, files).backends.map((backend) => backend.kind)).toEqual([
      "mcp",
      "sql",
      "supervisor",
    ]);
  });
});

describe("deployment files", () => {
  const App = z.object({
    config: z.object({
      env: z.array(
        z.object({ name: z.string(), value: z.string().optional(), value_from: z.string().optional() }),
      ),
    }),
    resources: z.array(z.object({ name: z.string() })),
  });
  const Bundle = z.object({
    resources: z.object({ apps: z.object({ orchestrator: App }) }),
    targets: z.object({ prod: z.object({ resources: z.object({ apps: z.object({ orchestrator: App }) }) }) }),
  });
  const bundle = Bundle.parse(parse(read("databricks.yml")));
  const app = bundle.resources.apps.orchestrator;
  const prod = bundle.targets.prod.resources.apps.orchestrator;

  it("give the app every variable that its configuration needs", () => {
    const needed = matches(read("config/orchestrator.yaml"), /\$\{([A-Z_]+)\}/g).filter(
      (name) => name !== "NAME",
    );
    const given = [...app.config.env.map((each) => each.name), "DATABRICKS_HOST"];
    expect(needed.filter((name) => !given.includes(name))).toEqual([]);
  });

  it("name variables that the configuration reads", () => {
    const read_ = matches(read("config/orchestrator.yaml"), /\$\{([A-Z_]+)/g);
    const set = [...app.config.env, ...prod.config.env].map((each) => each.name);
    expect(set.filter((name) => !read_.includes(name))).toEqual(["ORCHESTRATOR_CONFIG"]);
  });

  it("take values from resources that the app has", () => {
    const resources = [...app.resources, ...prod.resources].map((each) => each.name);
    const from = [...app.config.env, ...prod.config.env].flatMap((each) => each.value_from ?? []);
    expect(from.filter((name) => !resources.includes(name))).toEqual([]);
  });

  it("have a resource for every backend of the configuration", () => {
    const config = parse(read("config/orchestrator.yaml"));
    const names = z
      .object({ backends: z.array(z.object({ name: z.string() })) })
      .parse(config)
      .backends.map((each) => each.name);
    expect(app.resources.map((each) => each.name)).toEqual(names);
  });

  it("lead LangGraph to exported graphs", () => {
    const { graphs } = z
      .object({ graphs: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read("langgraph.json")));
    for (const target of Object.values(graphs)) {
      const [file = "", name = ""] = target.split(":");
      expect(read(file)).toMatch(new RegExp(`^export (const|async function|function) ${name}\\b`, "m"));
    }
  });
});
