/** Every route of the server as a Markdown table, from the table that mounts them. */
import type { Route } from "../../server/routes/route.ts";

export function routeTable(routes: readonly Route[]): string {
  const lines = routes.map((route) => {
    const paths = route.paths.map((path) => `\`${path}\``).join(", ");
    return `| ${route.method.toUpperCase()} | ${paths} | ${meaning(route).replaceAll("|", "\\|")} |`;
  });
  return ["| Method | Path | What it does |", "| --- | --- | --- |", ...lines].join("\n");
}

function meaning({ summary, query = {} }: Route): string {
  const parameters = Object.entries(query).map(([name, text]) => `\`${name}\`: ${text}`);
  return [summary, ...parameters].join(" ");
}
