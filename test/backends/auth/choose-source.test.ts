import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../../config/config-error.ts";
import { WorkspaceConfig } from "../../../config/schema.ts";
import { chooseSource } from "../../../backends/auth/choose-source.ts";
import type { RunCommand } from "../../../backends/auth/run-command.ts";
import type { TokenRequests } from "../../../backends/auth/token-request.ts";

const never = new AbortController().signal;
const HOST = "https://adb-1.example.com";
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "profiles-"));
  writeFileSync(
    join(folder, "cfg"),
    `[DEFAULT]\nhost = https://other.example.com\ntoken = elsewhere\n\n[work]\nhost  = adb-1.example.com\ntoken = from-profile\n\n[login]\nhost = ${HOST}\nauth_type = databricks-cli\n`,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

const noRequests: TokenRequests = {
  json: () => Promise.reject(new Error("no request expected")),
  post: () => Promise.reject(new Error("no request expected")),
  token: () => Promise.reject(new Error("no request expected")),
};

function choose(workspace: object, env: Record<string, string> = {}, run: RunCommand = async () => null) {
  const config = WorkspaceConfig.parse({ host: HOST, ...workspace });
  return chooseSource(config, { DATABRICKS_CONFIG_FILE: join(folder, "none"), ...env }, noRequests, run);
}

async function tokenOf(source: ReturnType<typeof choose>): Promise<string> {
  return (await source.fetch(never)).value.reveal();
}

describe("without an auth_type", () => {
  it("takes a token before everything else", () => {
    expect(choose({ token: "dapi1" }).auth_type).toBe("pat");
  });

  it("takes a client id with its secret", () => {
    expect(choose({ client_id: "a", client_secret: "b" }).auth_type).toBe("oauth-m2m");
  });

  it("refuses a token beside a client id", () => {
    const both = () => choose({ token: "dapi1", client_id: "a", client_secret: "b" });
    expect(both).toThrow(ConfigError);
  });

  it("takes empty values for absent ones", () => {
    expect(choose({ token: "", client_id: "a", client_secret: "b" }).auth_type).toBe("oauth-m2m");
  });

  it("falls back to the command line's login", async () => {
    const calls: string[][] = [];
    const run: RunCommand = async (file, args) => {
      calls.push([file, ...args]);
      return JSON.stringify({ access_token: "u2m", expiry: "2026-11-21T11:00:00Z" });
    };
    const token = await choose({}, {}, run).fetch(never);
    expect(token.value.reveal()).toBe("u2m");
    expect(token.expires_at).toBe(Date.parse("2026-11-21T11:00:00Z"));
    expect(calls).toEqual([["databricks", "auth", "token", "--host", HOST]]);
  });

  it("and from there to Azure's", async () => {
    const run: RunCommand = async (file) =>
      file === "az"
        ? JSON.stringify({ accessToken: "entra", expiresOn: "", expires_on: 1_800_000_000 })
        : null;
    const source = choose({}, {}, run);
    expect((await source.fetch(never)).expires_at).toBe(1_800_000_000_000);
    expect(source.auth_type).toBe("azure-cli");
  });

  it("says what to do when nothing gives a token", async () => {
    await expect(choose({}).fetch(never)).rejects.toMatchObject({
      code: "unauthorized",
      message:
        "workspace did not accept the credentials: `databricks` gave no token, run `databricks auth login`.",
    });
  });
});

describe("with an auth_type", () => {
  it("a token beside a client id is no conflict", () => {
    const source = choose({ token: "t", client_id: "a", client_secret: "b", auth_type: "oauth-m2m" });
    expect(source.auth_type).toBe("oauth-m2m");
  });

  it("missing settings are a problem of the configuration", () => {
    expect(() => choose({ auth_type: "pat" })).toThrow(ConfigError);
  });

  it("google needs the key of a service account", () => {
    expect(() => choose({ auth_type: "google" })).toThrow(ConfigError);
    const other = { GOOGLE_CREDENTIALS: JSON.stringify({ type: "authorized_user" }) };
    expect(() => choose({ auth_type: "google" }, other)).toThrow(ConfigError);
  });
});

describe("the environment's credentials", () => {
  it("serve the workspace that the environment names", async () => {
    const source = choose({}, { DATABRICKS_HOST: "adb-1.example.com", DATABRICKS_TOKEN: "from-env" });
    expect(await tokenOf(source)).toBe("from-env");
  });

  it("are never sent to another workspace", () => {
    const source = choose({}, { DATABRICKS_HOST: "https://prod.example.com", DATABRICKS_TOKEN: "from-env" });
    expect(source.auth_type).toBe("databricks-cli");
  });

  it("do not mix with those of the configuration", async () => {
    const env = { DATABRICKS_HOST: HOST, DATABRICKS_CLIENT_ID: "a", DATABRICKS_CLIENT_SECRET: "b" };
    expect(await tokenOf(choose({ token: "mine" }, env))).toBe("mine");
  });
});

describe("a profile", () => {
  const env = () => ({ DATABRICKS_CONFIG_FILE: join(folder, "cfg") });

  it("gives the token that it holds for this workspace", async () => {
    expect(await tokenOf(choose({ profile: "work" }, env()))).toBe("from-profile");
  });

  it("of another workspace gives none", () => {
    expect(choose({}, env()).auth_type).toBe("databricks-cli");
  });

  it("without a token of its own is a login of the command line", async () => {
    const calls: string[][] = [];
    const run: RunCommand = async (_file, args) => {
      calls.push(args);
      return JSON.stringify({ access_token: "u2m", expiry: "2026-11-21T11:00:00Z" });
    };
    expect(await tokenOf(choose({ profile: "login" }, env(), run))).toBe("u2m");
    expect(calls).toEqual([["auth", "token", "--profile", "login"]]);
  });
});
