/** OAuth discovery, the machine-to-machine token endpoint and SCIM Me (contracts section 6). */
import express, { Router, type Request } from "express";
import { callerOf, gate } from "../http/gate.ts";
import type { SandboxState } from "../state.ts";

const METADATA_PATHS = [
  "/oidc/.well-known/oauth-authorization-server",
  "/oidc/.well-known/openid-configuration",
  "/.well-known/oauth-authorization-server",
  "/.well-known/oauth-authorization-server/oidc",
];

export function identityRoutes(state: SandboxState): Router {
  const router = Router();
  router.get(METADATA_PATHS, (_req, res) => void res.json(metadata(state.host())));
  const form = express.urlencoded({ extended: false });
  router.post("/oidc/v1/token", form, gate(state, "token", { open: true }), (req, res) => {
    if (field(req, "grant_type") !== "client_credentials") {
      res.status(400).json(oauthError("unsupported_grant_type", "Only client_credentials is supported."));
      return;
    }
    const [client, secret] = basicCredentials(req);
    const token = state.tokens.issue(client, secret);
    if (token) res.set("cache-control", "no-store").json(token);
    else res.status(401).json(oauthError("invalid_client", "Client authentication failed."));
  });
  router.get("/api/2.0/preview/scim/v2/Me", gate(state, "scim"), (_req, res) => {
    const { kind, subject } = callerOf(res);
    const person = kind !== "service_principal";
    const emails = person ? [{ value: subject, type: "work", primary: true }] : [];
    res.json({
      id: idOf(subject),
      userName: subject,
      displayName: subject.split("@")[0],
      active: true,
      emails,
    });
  });
  return router;
}

function metadata(host: string) {
  const oidc = `${host}/oidc`;
  return {
    issuer: oidc,
    authorization_endpoint: `${oidc}/v1/authorize`,
    token_endpoint: `${oidc}/v1/token`,
    grant_types_supported: ["client_credentials"],
    response_types_supported: ["code"],
    token_endpoint_auth_methods_supported: ["client_secret_basic"],
    scopes_supported: ["all-apis"],
  };
}

function oauthError(error: string, error_description: string) {
  return { error, error_description };
}

function basicCredentials(req: Request): [client: string, secret: string] {
  const encoded = /^Basic (.+)$/.exec(req.get("authorization") ?? "")?.[1] ?? "";
  const [client = "", ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return [client, secret.join(":")];
}

function field(req: Request, name: string): unknown {
  return (req.body as Record<string, unknown> | undefined)?.[name];
}

/** A stable number of 15 digits at most for a subject. */
function idOf(subject: string): string {
  let sum = 7;
  for (const char of subject) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 999_999_999_989;
  return String(sum);
}
