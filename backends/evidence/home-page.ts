/** Where a person finds a backend in the workspace: the address of evidence that comes without one of its own. */
import type { BackendConfig } from "../../config/schema.ts";
import type { Evidence } from "../backend.ts";
import { safeUrl } from "./safe-url.ts";

/** Undefined for a backend that has no page, e.g. an MCP server that is no http(s) address. */
export function homePage(config: BackendConfig, host: string): string | undefined {
  const target = encodeURIComponent(config.target);
  switch (config.kind) {
    case "app":
      return `${host}/apps/${target}`;
    case "genie":
      return `${host}/genie/rooms/${target}`;
    case "sql":
      return `${host}/sql/warehouses/${target}`;
    case "mcp":
      return withoutQuery(safeUrl(config.target, host));
    default:
      return `${host}/ml/endpoints/${target}`;
  }
}

/** A query may hold a key. */
function withoutQuery(url: string | undefined): string | undefined {
  return url?.replace(/[?#].*$/, "");
}

export function withAddress(evidence: Evidence, page: string | undefined): Evidence {
  return evidence.url === undefined && page !== undefined ? { ...evidence, url: page } : evidence;
}
