/** Words for names, kinds, times and counts. */

const KINDS = {
  genie: "Genie space",
  knowledge_assistant: "Knowledge assistant",
  serving_endpoint: "Model",
  app: "App agent",
  mcp: "MCP server",
  sql: "SQL",
  supervisor: "Supervisor",
};

/** `churn_model` is shown as "Churn model". @param {string} name */
export function backendLabel(name) {
  const words = name.replaceAll(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {string} kind */
export function kindLabel(kind) {
  return /** @type {Record<string, string>} */ (KINDS)[kind] ?? backendLabel(kind);
}

/** @param {number} milliseconds */
export function durationLabel(milliseconds) {
  if (milliseconds < 10) return `${Number(milliseconds.toFixed(1))} ms`;
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1_000;
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** @param {number} count @param {string} one @param {string} many */
export function counted(count, one, many) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** The time today, else the day. @param {string} iso @param {Date} now */
export function dayLabel(iso, now) {
  const then = new Date(iso);
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const days = Math.ceil((midnight.getTime() - then.getTime()) / 86_400_000);
  if (days <= 0) return then.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hour12: false });
  if (days === 1) return "Yesterday";
  const year = then.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return then.toLocaleDateString("en", { day: "numeric", month: "short", year });
}
