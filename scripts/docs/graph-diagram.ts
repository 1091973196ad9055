/** The compiled graph of the sandbox's configuration as Mermaid. */
import { loadConfig } from "../../config/load.ts";
import type { ConfigFile } from "../../config/loading/yaml-source.ts";
import { assemble } from "../../graphs/from-config.ts";

/** Nothing is asked and nothing is written: the workspace's address leads nowhere and the store is in memory. */
export async function graphDiagram(sandbox: ConfigFile): Promise<string> {
  const memory = { path: "memory", text: "persistence: { kind: memory }" };
  const config = loadConfig({ SANDBOX_URL: "http://127.0.0.1:9" }, [sandbox, memory]);
  const assembled = await assemble(config, { env: {}, clock: Date.now });
  try {
    const graph = await assembled.graph.getGraphAsync();
    return ["```mermaid", withoutDetails(graph.drawMermaid().trim()), "```"].join("\n");
  } finally {
    await assembled.close();
  }
}

/** Nodes carry the backend's description; a picture is read for its names. */
function withoutDetails(mermaid: string): string {
  return mermaid.replace(/<hr\/><small>[^]*?<\/small>/g, "");
}
