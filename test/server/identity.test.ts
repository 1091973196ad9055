/** Who asks: tokens, proxies, keys, nobody. The issuer of JWTs is a real server on loopback. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ServerConfig } from "../../config/schema.ts";
import { type AskingRequest, createIdentify, type Identify } from "../../server/identity/identify.ts";
import type { Whoami } from "../../server/identity/whoami.ts";
import { post, startTestServer } from "./test-server.ts";

let issuer: Server;
let host: string;
let jwks: object = { keys: [] };
const asked: string[] = [];
let now = 0;

beforeAll(async () => {
  issuer = createServer((_req, res) => res.end(JSON.stringify(jwks))).listen(0, "127.0.0.1");
  await once(issuer, "listening");
  host = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
});
afterAll(() => void issuer.close());
beforeEach(() => {
  asked.length = 0;
  now = 0;
});

const whoami: Whoami = async (token) => {
  asked.push(token);
  if (token === "down") throw new Error("the workspace does not answer");
  return token.includes("good") ? { name: "Ada@example.com" } : null;
};

function identifier(change: object = {}): Identify {
  const config = ServerConfig.parse(change);
  return createIdentify({ config, whoami, clock: () => now });
}

/** A request as identity sees it: headers and the peer's address. */
function request(headers: Record<string, string>, remoteAddress = "127.0.0.1"): AskingRequest {
  return { headers, socket: { remoteAddress } };
}

const ADA = { subject: "user:ada@example.com", email: "ada@example.com" };

describe("a forwarded access token", () => {
  it("is verified against the workspace and goes along", async () => {
    const caller = await identifier()(request({ "x-forwarded-access-token": "good-1" }));
    expect(caller).toEqual({ ...ADA, access_token: "good-1" });
  });

  it("is verified once in five minutes, and once for many at the same time", async () => {
    const identify = identifier();
    const ask = () => identify(request({ "x-forwarded-access-token": "good-1" }));
    await Promise.all([ask(), ask(), ask()]);
    expect(asked).toEqual(["good-1"]);
    now = 299_999;
    await ask();
    expect(asked).toHaveLength(1);
    now = 300_000;
    await ask();
    expect(asked).toHaveLength(2);
  });

  it("that the workspace refuses is 401, and refused again for half a minute only", async () => {
    const identify = identifier();
    const ask = () => identify(request({ "x-forwarded-access-token": "bad" }));
    await expect(ask()).rejects.toMatchObject({ code: "invalid_api_key" });
    await expect(ask()).rejects.toMatchObject({ code: "invalid_api_key" });
    expect(asked).toHaveLength(1);
    now = 30_000;
    await expect(ask()).rejects.toMatchObject({ code: "invalid_api_key" });
    expect(asked).toHaveLength(2);
  });

  it("that cannot be verified now is 503 and asked about again", async () => {
    const identify = identifier();
    const ask = () => identify(request({ "x-forwarded-access-token": "down" }));
    await expect(ask()).rejects.toMatchObject({ code: "unavailable" });
    await expect(ask()).rejects.toMatchObject({ code: "unavailable" });
    expect(asked).toHaveLength(2);
  });

  it("wins over every header that names somebody else", async () => {
    const headers = { "x-forwarded-access-token": "good-1", "x-forwarded-email": "eve@example.com" };
    expect(await identifier({ trusted_proxies: ["127.0.0.1"] })(request(headers))).toMatchObject(ADA);
  });
});

describe("forwarded headers", () => {
  const headers = { "x-forwarded-email": "Ada@example.com" };

  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["10.0.0.0/8", "10.1.2.3"],
    ["10.0.0.0/8", "::ffff:10.1.2.3"],
    ["fd00::/8", "fd00::1"],
  ])("are believed from a configured proxy (%s, peer %s)", async (entry, peer) => {
    expect(await identifier({ trusted_proxies: [entry] })(request(headers, peer))).toEqual(ADA);
  });

  it("change nothing from anybody else", async () => {
    expect(await identifier({ trusted_proxies: ["10.0.0.0/8"] })(request(headers, "192.168.0.1"))).toEqual({
      subject: "anonymous",
    });
    expect(await identifier()(request(headers))).toEqual({ subject: "anonymous" });
  });
});

describe("a bearer token", () => {
  const bearer = (token: string) => request({ authorization: `Bearer ${token}` });
  const key = "orchestrator-key";
  const api_keys = [{ subject: "svc:reports", sha256: createHash("sha256").update(key).digest("hex") }];

  it("of the workspace names its user", async () => {
    expect(await identifier()(bearer("dapi-good"))).toEqual({ ...ADA, access_token: "dapi-good" });
  });

  it("of the workspace that is no longer valid is 401, never anonymous", async () => {
    await expect(identifier()(bearer("dapi-old"))).rejects.toMatchObject({ code: "invalid_api_key" });
  });

  it("that is a placeholder is not shown to the workspace", async () => {
    expect(await identifier()(bearer("x"))).toEqual({ subject: "anonymous" });
    expect(asked).toEqual([]);
  });

  it("that is a configured key names its subject", async () => {
    expect(await identifier({ auth: { api_keys } })(bearer(key))).toEqual({ subject: "svc:reports" });
    expect(asked).toEqual([]);
  });

  it("is needed where strangers may not ask", async () => {
    const identify = identifier({ auth: { anonymous: false, api_keys } });
    await expect(identify(request({}))).rejects.toMatchObject({ code: "invalid_api_key", status: 401 });
    await expect(identify(bearer("x"))).rejects.toMatchObject({ code: "invalid_api_key" });
    expect(await identify(bearer(key))).toEqual({ subject: "svc:reports" });
  });
});

describe("a JWT", () => {
  const ISSUER = "https://issuer.example.com";
  let sign: (claims: object, expires?: string) => Promise<string>;
  let auth: object;

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "k", alg: "ES256" }] };
    auth = {
      workspace_tokens: false,
      anonymous: false,
      jwt: { jwks_url: `${host}/jwks`, issuer: ISSUER, audience: "orchestrator", subject_claim: "email" },
    };
    sign = (claims, expires = "5m") =>
      new SignJWT({ email: "Ada@example.com", ...claims })
        .setProtectedHeader({ alg: "ES256", kid: "k" })
        .setIssuer(ISSUER)
        .setAudience("orchestrator")
        .setExpirationTime(expires)
        .sign(privateKey);
  });

  it("of the configured issuer names its user", async () => {
    const token = await sign({});
    expect(await identifier({ auth })(request({ authorization: `Bearer ${token}` }))).toEqual(ADA);
  });

  it("that has expired, names nobody or was changed is 401", async () => {
    const good = await sign({});
    const tokens = [await sign({}, "-1m"), await sign({ email: 5 }), `${good.slice(0, -4)}AAAA`];
    for (const token of tokens) {
      await expect(identifier({ auth })(request({ authorization: `Bearer ${token}` }))).rejects.toMatchObject(
        {
          code: "invalid_api_key",
        },
      );
    }
  });
});

describe("the server", () => {
  it("answers 401 before it reads a body, and keeps /health open", async () => {
    const server = await startTestServer({ deps: { identify: identifier({ auth: { anonymous: false } }) } });
    const refused = await post(`${server.url}/responses`, { input: "q" });
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await refused.json()).toMatchObject({
      error: { type: "authentication_error", code: "invalid_api_key" },
    });
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    expect((await fetch(`${server.url}/backends`)).status).toBe(401);
    await server.close();
  });
});
