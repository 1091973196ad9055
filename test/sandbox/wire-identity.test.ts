/** Who may call the sandbox workspace, and how it refuses. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/server.ts";
import { call, m2mToken, startStubSandbox } from "./wire-company.ts";

let sandbox: Sandbox;
const me = (token: string | null) => call(`${sandbox.url}/api/2.0/preview/scim/v2/Me`, { token });
const admin = (path: string, body?: unknown) => call(`${sandbox.url}/_admin/${path}`, { body });

beforeAll(async () => {
  sandbox = await startStubSandbox();
});
afterAll(() => sandbox.close());

describe("the token endpoint", () => {
  it("is found by discovery and issues a bearer token", async () => {
    const { body } = await call(`${sandbox.url}/oidc/.well-known/oauth-authorization-server`, {
      token: null,
    });
    expect(body.token_endpoint).toBe(`${sandbox.url}/oidc/v1/token`);
    const issued = await m2mToken(sandbox.url);
    expect(issued.body).toMatchObject({ token_type: "Bearer", expires_in: 3600, scope: "all-apis" });
    expect((await me(issued.body.access_token)).body.userName).toBe("sandbox");
  });

  it("refuses a wrong secret as OAuth says", async () => {
    const { status, body } = await m2mToken(sandbox.url, "sandbox", "wrong");
    expect([status, body.error]).toEqual([401, "invalid_client"]);
  });

  it("knows the clients that an admin registers, and counts what it issues", async () => {
    const before = (await admin("tokens")).body.issued;
    await admin("clients", { id: "second", secret: "s:2" });
    expect((await m2mToken(sandbox.url, "second", "s:2")).status).toBe(200);
    expect((await admin("tokens")).body.issued).toBe(before + 1);
  });

  it("lets tokens expire", async () => {
    await admin("token-lifetime", { seconds: 0.001 });
    const short = (await m2mToken(sandbox.url)).body.access_token;
    await admin("token-lifetime", { seconds: 3600 });
    const long = (await m2mToken(sandbox.url)).body.access_token;
    const { status, body } = await me(short);
    expect([status, body.error_code]).toEqual([401, "UNAUTHENTICATED"]);
    await admin("tokens/expire", {});
    expect((await me(long)).status).toBe(401);
  });
});

describe("identities", () => {
  it("are users by their forwarded token, and developers by a PAT", async () => {
    expect((await me("user-grace")).body).toMatchObject({ userName: "grace@example.com" });
    expect((await me("dapi123")).body.userName).toBe("developer@example.com");
  });

  it("are refused with 401 in the Databricks form when missing or unknown", async () => {
    const missing = await me(null);
    expect([missing.status, missing.body.error_code]).toEqual([401, 401]);
    expect(missing.headers.get("www-authenticate")).toContain("Bearer");
    const unknown = await me("whatever");
    expect([unknown.status, unknown.body.error_code]).toEqual([401, "UNAUTHENTICATED"]);
    expect(unknown.body.details[0]["@type"]).toBe("type.googleapis.com/google.rpc.RequestInfo");
  });

  it("need the scope of an endpoint when their token lists scopes", async () => {
    const ask = (token: string) =>
      call(`${sandbox.url}/serving-endpoints/responses`, {
        token,
        body: { model: "ka-policies-endpoint", input: "x" },
      });
    const { status, body } = await ask("user-ada:sql,genie");
    expect([status, body.error_code]).toEqual([403, "PERMISSION_DENIED"]);
    expect(body.message).toBe("Provided OAuth token does not have required scopes: model-serving");
    expect((await ask("user-ada:sql,model-serving")).status).toBe(200);
  });

  it("can be revoked", async () => {
    await admin("tokens/revoke", { subject: "eve@example.com" });
    expect((await me("user-eve")).status).toBe(401);
  });
});
