/** Everything in the documentation that is made from the code, with the file and the markers it stands between. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LANGGRAPH_ROUTES } from "../../server/langgraph/langgraph-routes.ts";
import { allRoutes } from "../../server/routes/all-routes.ts";
import { betweenMarkers } from "./between-markers.ts";
import { configReference } from "./config-reference.ts";
import { backendErrorTable, requestErrorTable } from "./error-tables.ts";
import { graphDiagram } from "./graph-diagram.ts";
import { routeTable } from "./route-table.ts";

export interface Generated {
  file: string;
  /** Name of the markers. */
  name: string;
  content: string;
}

/** `root` is the project's folder. */
export async function generated(root: string): Promise<Generated[]> {
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const sandbox = { path: "config/sandbox.yaml", text: read("config/sandbox.yaml") };
  const routes = allRoutes({ name: "", description: "" });
  return [
    { file: "README.md", name: "graph", content: await graphDiagram(sandbox) },
    { file: "docs/configuration.md", name: "keys", content: configReference(read("config/schema.ts")) },
    { file: "docs/api.md", name: "routes", content: routeTable(routes) },
    { file: "docs/langgraph.md", name: "routes", content: routeTable(LANGGRAPH_ROUTES) },
    { file: "docs/api.md", name: "errors", content: requestErrorTable() },
    { file: "docs/failure-modes.md", name: "codes", content: backendErrorTable(read("backends/errors.ts")) },
  ];
}

/** The files as they should be, by path. */
export function withGenerated(root: string, all: readonly Generated[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { file, name, content } of all) {
    const text = texts.get(file) ?? readFileSync(join(root, file), "utf8");
    texts.set(file, betweenMarkers(text, name, content));
  }
  return texts;
}
