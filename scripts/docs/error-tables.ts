/** The error codes of the server and of the backends as Markdown tables. */
import { REQUEST_ERROR_STATUS } from "../../server/errors.ts";
import { BACKEND_ERROR_CODES } from "../../backends/errors.ts";

export function requestErrorTable(): string {
  const lines = Object.entries(REQUEST_ERROR_STATUS).map(([code, status]) => `| ${status} | \`${code}\` |`);
  return ["| Status | `error.code` |", "| --- | --- |", ...lines].join("\n");
}

/** `source` is the text of backends/errors.ts, where each code has its meaning behind it. */
export function backendErrorTable(source: string): string {
  const lines = BACKEND_ERROR_CODES.map((code) => {
    const meaning = new RegExp(`^\\s*"${code}", // (.+)$`, "m").exec(source)?.[1];
    if (meaning === undefined) throw new Error(`backends/errors.ts does not say what \`${code}\` means`);
    return `| \`${code}\` | ${meaning.replaceAll("|", "\\|")} |`;
  });
  return ["| Code | When |", "| --- | --- |", ...lines].join("\n");
}
