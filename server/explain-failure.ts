/** Why the program could not start, in words for the person who started it. */
import { ConfigError } from "../config/config-error.ts";
import { formatProblems } from "../config/format-problems.ts";

export function explainFailure(error: unknown): string {
  if (error instanceof ConfigError) return formatProblems(error.problems);
  if (!(error instanceof Error)) return String(error);
  const {
    code,
    port = "",
    address = "",
  } = error as Error & { code?: unknown; port?: unknown; address?: unknown };
  switch (code) {
    case "EADDRINUSE":
      return `Port ${String(port)} is taken. Set PORT to another one, or to 0 for any free port.`;
    case "EACCES":
      if (port !== "")
        return `Port ${String(port)} is not for this user. Set PORT to one over 1023, such as 8000.`;
      return error.message;
    case "EADDRNOTAVAIL":
      return `${String(address)} is no address of this machine. Set server.host to 127.0.0.1, or to 0.0.0.0 for all.`;
    case "ENOTFOUND":
      return `The host of server.host is not known here. Set it to 127.0.0.1, or to 0.0.0.0 for all.`;
    default:
      return error.message;
  }
}
