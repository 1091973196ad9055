/** What the server says of itself, and how it looks to browsers. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, trace } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { afterEach, describe, expect, it } from "vitest";
import type { Backend, Readiness } from "../../backends/backend.ts";
import { allRoutes } from "../../server/routes/all-routes.ts";
import { post, startTestServer, type TestServer, type TestServerOptions } from "./test-server.ts";

let server: TestServer;
afterEach(() => server.close());

async function get(path: string, options: TestServerOptions = {}, headers = {}): Promise<Response> {
  server = await startTestServer(options);
  return fetch(server.url + path, { headers });
}

describe("system routes", () => {
  it("say that the process is healthy, as MLflow's agent server does", async () => {
    expect(await (await get("/health")).json()).toEqual({ status: "healthy" });
  });

  it("say what this agent is", async () => {
    const response = await get("/agent/info", { deps: { appName: "my-app" } });
    expect(await response.json()).toMatchObject({
      name: "my-app",
      use_case: "agent",
      agent_api: "responses",
    });
  });

  it("draw the graph as Mermaid or JSON", async () => {
    const mermaid = await get("/graph");
    expect(mermaid.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await mermaid.text()).toContain("a --> b");
    const nodes = [{ id: "a" }, { id: "b" }];
    expect(await (await fetch(`${server.url}/graph?format=json`)).json()).toMatchObject({ nodes });
    const accepted = await fetch(`${server.url}/graph`, { headers: { accept: "application/json" } });
    expect(await accepted.json()).toMatchObject({ nodes });
  });

  it("list the backends without their targets", async () => {
    const text = await (await get("/backends")).text();
    expect(JSON.parse(text)).toMatchObject({
      data: [{ name: "sales_genie", kind: "genie" }, { name: "handbook" }],
    });
    expect(text).not.toContain("space-1");
  });

  it.each(["/models", "/v1/models"])("name the model at %s", async (path) => {
    expect(await (await get(path)).json()).toMatchObject({
      object: "list",
      data: [{ id: "orchestrator", object: "model" }],
    });
  });
});

describe("POST /plan", () => {
  it("gives the plan and says who would be asked, without running it", async () => {
    server = await startTestServer();
    const response = await post(`${server.url}/plan`, {
      input: "How many churned?",
      custom_inputs: { thread_id: "t" },
    });
    expect(await response.json()).toMatchObject({
      object: "plan",
      thread_id: "t",
      plan: { kind: "plan", steps: [{ id: "s1", backend: "sales_genie", question: "How many churned?" }] },
      backends: [{ name: "sales_genie", kind: "genie", identity: "app", approval: "never" }],
    });
    expect(server.orchestrator.turns).toEqual([]);
  });

  it("takes its own plan back as the one to run", async () => {
    server = await startTestServer();
    const { plan } = (await (await post(`${server.url}/plan`, { input: "q" })).json()) as { plan: object };
    expect((await post(`${server.url}/responses`, { input: "q", custom_inputs: { plan } })).status).toBe(200);
    expect(server.orchestrator.turns[0]?.input.options.plan).toEqual(plan);
  });
});

describe("/ready", () => {
  const OK: Readiness = { ready: true, state: "ok", message: "", breaker: "closed" };

  async function ready(checks: Record<string, Backend["check"]>, deps = {}) {
    server = await startTestServer({ deps });
    for (const [name, check] of Object.entries(checks)) {
      Object.assign(server.orchestrator.backends.get(name) ?? {}, { check });
    }
    const response = await fetch(`${server.url}/ready`);
    return {
      status: response.status,
      body: (await response.json()) as { status: string; backends: Readiness[] },
    };
  }

  it("is ready while every backend is", async () => {
    const { status, body } = await ready({});
    expect([status, body.status, body.backends]).toMatchObject([
      200,
      "ready",
      [{ name: "sales_genie", state: "ok" }, { name: "handbook" }],
    ]);
  });

  it("is degraded while some can be asked", async () => {
    const { status, body } = await ready({ handbook: () => Promise.reject(new Error("broken")) });
    expect([status, body.status]).toEqual([200, "degraded"]);
    expect(body.backends[1]).toMatchObject({
      ready: false,
      state: "down",
      message: "handbook did not answer in time.",
    });
  });

  it("is 503 when none can be asked", async () => {
    const down = async () => ({ ...OK, ready: false, state: "down" as const });
    const { status, body } = await ready({ handbook: down, sales_genie: down });
    expect([status, body.status]).toEqual([503, "not_ready"]);
  });

  it("leaves no spans of its own", async () => {
    let suppressed = false;
    const check = async () => {
      suppressed = isTracingSuppressed(context.active());
      return OK;
    };
    new NodeTracerProvider().register();
    await ready({ handbook: check });
    expect(suppressed).toBe(true);
    context.disable();
    trace.disable();
  });

  it("asks each backend once in five seconds", async () => {
    let asked = 0;
    let now = 0;
    const check = async () => {
      asked++;
      return OK;
    };
    await ready({ handbook: check }, { clock: () => now });
    await fetch(`${server.url}/ready`);
    expect(asked).toBe(1);
    now = 5_000;
    await fetch(`${server.url}/ready`);
    expect(asked).toBe(2);
  });
});

describe("/openapi.json", () => {
  it("describes every route of the table under every path, and nothing else", async () => {
    const document = (await (await get("/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, object>;
    };
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const mounted = allRoutes({ name: "n", description: "d" }).flatMap((route) =>
      route.paths.map((path) => `${route.method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`),
    );
    expect(document.openapi).toBe("3.1.0");
    expect(described.sort()).toEqual(mounted.sort());
  });

  it("describes the body that the server validates, and the shape of errors", async () => {
    const { paths, components } = (await (await get("/openapi.json")).json()) as {
      paths: Record<string, { post: { requestBody: object } }>;
      components: {
        schemas: Record<string, { required: string[]; properties: Record<string, { required: string[] }> }>;
      };
    };
    expect(paths["/responses"]?.post.requestBody).toEqual({
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/CreateResponse" } } },
    });
    const { CreateResponse, Error } = components.schemas;
    expect(CreateResponse?.required).toEqual(["input"]);
    expect(Object.keys(CreateResponse?.properties ?? {})).toEqual(
      expect.arrayContaining(["input", "stream", "custom_inputs", "tools"]),
    );
    expect(Error?.properties.error?.required).toEqual(["message", "type", "param", "code"]);
  });

  it("holds every schema that it refers to", async () => {
    const text = await (await get("/openapi.json")).text();
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? "");
    const resolve = (path: string) =>
      path.split("/").reduce<unknown>((at, key) => Reflect.get(Object(at), key), JSON.parse(text));
    expect(references.length).toBeGreaterThan(10);
    expect(references.filter((path) => resolve(path) === undefined)).toEqual([]);
  });

  it("gives every operation an id of its own", async () => {
    const document = (await (await get("/openapi.json")).json()) as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((o) => o.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("browsers", () => {
  it("are told to keep to themselves", async () => {
    const response = await get("/health");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-security-policy": expect.stringContaining("default-src 'none'; script-src 'self'"),
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
    });
    expect(response.headers.get("x-powered-by")).toBeNull();
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("may call across origins only from where the configuration says", async () => {
    const config = { server: { cors_origins: ["https://studio.example.com"] } };
    const good = await get("/health", { config }, { origin: "https://studio.example.com" });
    expect(good.headers.get("access-control-allow-origin")).toBe("https://studio.example.com");
    const bad = await fetch(`${server.url}/health`, { headers: { origin: "https://evil.example.com" } });
    expect(bad.headers.get("access-control-allow-origin")).toBeNull();
    const preflight = await fetch(`${server.url}/responses`, {
      method: "OPTIONS",
      headers: { origin: "https://studio.example.com", "access-control-request-method": "POST" },
    });
    expect([preflight.status, preflight.headers.get("access-control-allow-methods")]).toEqual([
      204,
      "GET, POST, PATCH, DELETE",
    ]);
  });

  it("get the page at / with its files, and nothing outside its folder", async () => {
    const root = await mkdtemp(join(tmpdir(), "page-"));
    await writeFile(join(root, "index.html"), "<!doctype html><title>Ask</title>");
    await writeFile(join(root, "app.js"), "export {};");
    const page = await get("/", { deps: { webRoot: root } });
    expect([page.status, page.headers.get("content-type"), await page.text()]).toEqual([
      200,
      "text/html; charset=utf-8",
      "<!doctype html><title>Ask</title>",
    ]);
    expect((await fetch(`${server.url}/app.js`)).status).toBe(200);
    expect((await fetch(`${server.url}/..%2f..%2fetc/passwd`)).status).toBe(404);
    expect((await fetch(`${server.url}/missing.js`)).status).toBe(404);
    await rm(root, { recursive: true });
  });
});

describe("x-request-id", () => {
  it("is the caller's own when it is harmless, else ours", async () => {
    const given = await get("/health", {}, { "x-request-id": "abc-123" });
    expect(given.headers.get("x-request-id")).toBe("abc-123");
    const strange = await fetch(`${server.url}/health`, { headers: { "x-request-id": "a b<script>" } });
    expect(strange.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
  });
});
