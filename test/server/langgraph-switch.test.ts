import { afterEach, describe, expect, it } from "vitest";
import { RequestError } from "../../server/errors.ts";
import { LANGGRAPH_ROUTES } from "../../server/langgraph/langgraph-routes.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;
afterEach(() => server.close());

describe("LangGraph's routes", () => {
  it("are not there unless the configuration serves them", async () => {
    server = await startTestServer();
    for (const { method, paths } of LANGGRAPH_ROUTES) {
      const path = (paths[0] ?? "").replaceAll(/:\w+/g, "x");
      const reply = await fetch(server.url + path, { method: method.toUpperCase() });
      const { error } = (await reply.json()) as { error: { code: string } };
      expect.soft([path, reply.status, error.code]).toEqual([path, 404, "unknown_url"]);
    }
    expect(await (await fetch(`${server.url}/openapi.json`)).text()).not.toContain("/langgraph");
  });

  it("are described when the configuration serves them", async () => {
    server = await startTestServer({ config: { server: { langgraph_api: true } } });
    expect(await (await fetch(`${server.url}/langgraph/ok`)).json()).toEqual({ ok: true });
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: object };
    const described = Object.keys(paths).filter((path) => path.startsWith("/langgraph"));
    expect(described).toHaveLength(new Set(LANGGRAPH_ROUTES.flatMap((route) => route.paths)).size);
  });

  it("say who may not ask before anything else", async () => {
    server = await startTestServer({
      config: { server: { langgraph_api: true } },
      deps: { identify: () => Promise.reject(new RequestError("invalid_api_key", "Who are you?")) },
    });
    for (const { method, paths, open } of LANGGRAPH_ROUTES.filter((route) => route.open !== true)) {
      const path = (paths[0] ?? "").replaceAll(/:\w+/g, "x");
      const reply = await fetch(server.url + path, { method: method.toUpperCase() });
      expect.soft([path, reply.status, open]).toEqual([path, 401, undefined]);
    }
  });
});
