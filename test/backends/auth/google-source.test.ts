import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, jwtVerify, SignJWT } from "jose";
import { afterEach, expect, it } from "vitest";
import { createBackends } from "../../../backends/registry.ts";
import { ConfigError } from "../../../config/config-error.ts";
import { OrchestratorConfig } from "../../../config/schema.ts";
import { json, serve, type TestServer } from "../server.ts";
import { failure, KINDS } from "../workspace.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const HOST = "https://1.2.gcp.databricks.example";
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A token endpoint that hands out ID tokens which live `seconds`. */
async function tokenServer(seconds: number): Promise<TestServer> {
  const server = await serve(async (res) => {
    const id_token = await new SignJWT({ n: server.requests.length })
      .setProtectedHeader({ alg: "RS256" })
      .setExpirationTime(`${seconds}s`)
      .sign(privateKey);
    json(res, { id_token });
  });
  open.push(() => server.close());
  return server;
}

function keyFor(token_uri: string): string {
  return JSON.stringify({
    type: "service_account",
    client_email: "agent@project.iam.gserviceaccount.com",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    private_key_id: "k1",
    token_uri,
  });
}

function credentialsOf(GOOGLE_CREDENTIALS: string) {
  const config = OrchestratorConfig.parse({
    workspace: { host: HOST, auth_type: "google" },
    backends: [KINDS.docs],
  });
  const made = createBackends(config, { env: { GOOGLE_CREDENTIALS } });
  open.push(() => made.close());
  return made.credentials;
}

const never = new AbortController().signal;

it("signs an assertion for the workspace's address and sends the ID token that it gets, until that ends", async () => {
  const server = await tokenServer(3_600);
  const { app, auth_type } = credentialsOf(keyFor(`${server.url}/token`));
  expect(auth_type).toBe("google");
  const token = (await app.token(never)).reveal();
  expect(decodeJwt(token)["n"]).toBe(1);
  expect((await app.token(never)).reveal()).toBe(token);
  expect(server.requests).toHaveLength(1);
  const form = new URLSearchParams(server.requests[0]?.body);
  expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
  const { payload, protectedHeader } = await jwtVerify(form.get("assertion") ?? "", publicKey, {
    audience: `${server.url}/token`,
    issuer: "agent@project.iam.gserviceaccount.com",
  });
  expect([payload["target_audience"], protectedHeader.kid]).toEqual([HOST, "k1"]);
});

it("reads the key from a file", async () => {
  const server = await tokenServer(3_600);
  const folder = mkdtempSync(join(tmpdir(), "key-"));
  open.push(async () => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "key.json"), keyFor(`${server.url}/token`));
  const { app } = credentialsOf(join(folder, "key.json"));
  expect(decodeJwt((await app.token(never)).reveal())["n"]).toBe(1);
});

it("fails with a sentence that names no secret when the endpoint refuses", async () => {
  const server = await serve((res) =>
    json(res, { error: "invalid_grant", error_description: "s3cr3t" }, 400),
  );
  open.push(() => server.close());
  const error = await failure(credentialsOf(keyFor(`${server.url}/token`)).app.token(never));
  expect([error.code, error.message.includes("s3cr3t")]).toEqual(["rejected", false]);
});

it("sends nothing to a token endpoint without TLS elsewhere", () => {
  expect(() => credentialsOf(keyFor("http://oauth2.example/token"))).toThrow(ConfigError);
});
