/** Every client scenario of the official MCP conformance suite: passed, or the reason why it does not concern us. */

export const PASSED: readonly string[] = ["initialize", "tools_call", "sse-retry"];

const NO_ELICITATION =
  "no person stands behind a backend's call, so the capability is not declared and a server may not ask";
const NO_MCP_OAUTH =
  "tokens come from the workspace's own OAuth or from configured headers; a server cannot send this client to an authorization server of its choice";

export const NOT_OURS: Readonly<Record<string, string>> = {
  "elicitation-sep1034-client-defaults": NO_ELICITATION,
  "auth/metadata-default": NO_MCP_OAUTH,
  "auth/metadata-var1": NO_MCP_OAUTH,
  "auth/metadata-var2": NO_MCP_OAUTH,
  "auth/metadata-var3": NO_MCP_OAUTH,
  "auth/basic-cimd": NO_MCP_OAUTH,
  "auth/scope-from-www-authenticate": NO_MCP_OAUTH,
  "auth/scope-from-scopes-supported": NO_MCP_OAUTH,
  "auth/scope-omitted-when-undefined": NO_MCP_OAUTH,
  "auth/scope-step-up": NO_MCP_OAUTH,
  "auth/scope-retry-limit": NO_MCP_OAUTH,
  "auth/token-endpoint-auth-basic": NO_MCP_OAUTH,
  "auth/token-endpoint-auth-post": NO_MCP_OAUTH,
  "auth/token-endpoint-auth-none": NO_MCP_OAUTH,
  "auth/pre-registration": NO_MCP_OAUTH,
  "auth/2025-03-26-oauth-metadata-backcompat": NO_MCP_OAUTH,
  "auth/2025-03-26-oauth-endpoint-fallback": NO_MCP_OAUTH,
  "auth/resource-mismatch": NO_MCP_OAUTH,
  "auth/offline-access-scope": NO_MCP_OAUTH,
  "auth/offline-access-not-supported": NO_MCP_OAUTH,
  "auth/client-credentials-jwt": NO_MCP_OAUTH,
  "auth/client-credentials-basic": NO_MCP_OAUTH,
  "auth/cross-app-access-complete-flow": NO_MCP_OAUTH,
};
