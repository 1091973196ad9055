/** Every problem at once: no mistake hides another one, wherever it stands. */
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ConfigError } from "../../config/config-error.ts";
import { loadConfig } from "../../config/load.ts";

type Data = Record<string, unknown>;

function base(): Data {
  const description = "Answers questions of all kinds.";
  return {
    workspace: { host: "https://dbc-1.cloud.databricks.com" },
    backends: [
      { name: "one", kind: "genie", target: "01ef5c", description },
      { name: "two", kind: "sql", target: "w1", description, statements: [{ name: "s", description, sql: "SELECT 1" }] },
      { name: "three", kind: "mcp", target: "/api/2.0/mcp/x", description },
      { name: "four", kind: "app", target: "app-four", description },
    ],
    models: {
      planner: { endpoint: "large" },
      router: { base_url: "http://127.0.0.1:1/v1", model: "small" },
    },
    routing: { rules: [{ pattern: "x", backends: ["one"] }] },
    tracing: { otlp: { url: "http://127.0.0.1:4318/v1/traces" } },
    server: { auth: { jwt: { jwks_url: "http://127.0.0.1:1/keys" } } },
  }; // prettier-ignore
}

/** A place, what is written there, and the path of the problem where that is another one. */
const MISTAKES: readonly [path: string, value: unknown, at?: string][] = [
  ["backends.0.kind", "geni"],
  ["backends.0.description", "short"],
  ["backends.0.timeout_ms", "soon"],
  ["backends.0.max_row", 5],
  ["backends.0.policy", { retires: 2 }, "backends[0].policy.retires"],
  ["backends.1.kind", "warehouse"],
  ["backends.1.statements", [{ name: "s", description: "d" }], "backends[1].statements[0].sql"],
  ["backends.1.target", ""],
  ["backends.2.kind", undefined],
  ["backends.2.headers", { a: 1 }, "backends[2].headers.a"],
  ["backends.3.name", "one"],
  ["backends.3.target", undefined],
  ["models.planner.base_url", "http://127.0.0.1:2/v1", "models.planner"],
  ["models.planner.timeout_ms", "soon"],
  ["models.router.model", undefined, "models.router"],
  ["models.router.retries", "often"],
  ["models.judge", "nonne"],
  ["models.reviser", { base_ulr: "http://127.0.0.1:2/v1" }, "models.reviser.base_ulr"],
  ["workspace.auth_type", "oauth"],
  ["workspace.client_id", "id", "workspace.client_secret"],
  ["workspace.host", "https://dbc-1.cloud.databricks.com/path"],
  ["routing.threshold", 2],
  ["routing.rules.0.pattern", "("],
  ["routing.rules.0.backends", ["tow"], "routing.rules[0].backends[0]"],
  ["routing.rules.0.flag", "i"],
  ["tracing.otlp.url", "nowhere"],
  ["server.auth.jwt.jwks_url", 5],
  ["server.limits", { stream: 1 }, "server.limits.stream"],
  ["budgets", { max_cost_usd: 1, max_steps: 99 }, "budgets.max_steps"],
];

/** Writes `undefined` by taking the key away. */
function mistaken(mistakes: readonly (typeof MISTAKES)[number][]): string {
  const data = base();
  for (const [path, value] of mistakes) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let place = data;
    for (const key of keys) place = (place[key] ??= {}) as Data;
    if (value === undefined) Reflect.deleteProperty(place, last);
    else place[last] = value;
  }
  return stringify(data);
}

function pathsOf(text: string): string[] {
  try {
    loadConfig({}, [{ path: "test.yaml", text }]);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => problem.path);
    throw error;
  }
  return [];
}

/** The backend, model or section that a mistake stands in. */
const entryOf = ([path]: (typeof MISTAKES)[number]) => /^(backends\.\d|models\.\w+|\w+)/.exec(path)?.[0];

const placeOf = ([path, , at]: (typeof MISTAKES)[number]) => at ?? path.replaceAll(/\.(\d+)/g, "[$1]");

describe("a configuration with several mistakes", () => {
  it("is right without them", () => {
    expect(pathsOf(mistaken([]))).toEqual([]);
  });

  it.each(MISTAKES.map((mistake) => [placeOf(mistake), mistake] as const))("names %s", (place, mistake) => {
    expect(pathsOf(mistaken([mistake]))).toContain(place);
  });

  it("names all of them at once", () => {
    expect(MISTAKES.map(placeOf).filter((place) => !pathsOf(mistaken(MISTAKES)).includes(place))).toEqual([]);
  });

  it("names both of any two in one entry", () => {
    const hidden = MISTAKES.flatMap((one, i) =>
      MISTAKES.slice(i + 1).flatMap((other) => {
        if (entryOf(one) !== entryOf(other)) return [];
        const found = pathsOf(mistaken([one, other]));
        return [one, other]
          .filter((mistake) => !found.includes(placeOf(mistake)))
          .map((mistake) => `${placeOf(mistake)} beside ${placeOf(mistake === one ? other : one)}`);
      }),
    );
    expect(hidden).toEqual([]);
  });

  it("offers the keys of the kind that was meant", () => {
    const text = mistaken([MISTAKES[0], ["backends.0.max_row", 5]] as (typeof MISTAKES)[number][]);
    const problems = (() => {
      try {
        loadConfig({}, [{ path: "test.yaml", text }]);
      } catch (error) {
        if (error instanceof ConfigError) return error.problems;
      }
      return [];
    })();
    expect(problems.map(({ path, fix }) => [path, fix])).toEqual([
      ["backends[0].kind", "did you mean `genie`?"],
      ["backends[0].max_row", "did you mean `max_rows`?"],
    ]);
  });
});
