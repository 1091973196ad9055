/** The program that the conformance suite runs as its client: one question to its server, through the `mcp` backend. */
import { createBackends } from "../../../backends/registry.ts";
import { BackendError } from "../../../backends/errors.ts";
import { OrchestratorConfig } from "../../../config/schema.ts";
import { question, recorded } from "../workspace.ts";

/** The tool of each scenario and what it takes beside the question. */
const TOOLS: Record<string, object> = {
  tools_call: { tool: "add_numbers", arguments: { a: 5, b: 3 } },
  "sse-retry": { tool: "test_reconnection" },
};

const target = process.argv[2] ?? "";
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? "";
const server = { name: "server", kind: "mcp", target, description: "The suite's own server.", ...TOOLS[scenario] }; // prettier-ignore
const backends = createBackends(
  OrchestratorConfig.parse({ workspace: { host: "http://127.0.0.1:1", token: "t" }, backends: [server] }),
);
try {
  const answer = await backends.backends.get("server")?.ask(question("Hello?"), recorded());
  process.stdout.write(`answered: ${answer?.text}\n`);
} catch (error) {
  if (!(error instanceof BackendError)) throw error;
  process.stdout.write(`failed: ${error.code}\n`);
} finally {
  await backends.close();
}
