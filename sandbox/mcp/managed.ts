/** The other managed MCP servers: SQL on the warehouse, one Unity Catalog function, one vector index. */
import { Router, type Request } from "express";
import type { EndpointName } from "../http/endpoint-name.ts";
import { missing } from "../http/errors.ts";
import { gate } from "../http/gate.ts";
import { statementBody } from "../sql/body.ts";
import type { SandboxState } from "../state.ts";
import { mcpEndpoint } from "./endpoint.ts";
import { RpcError, textArgument } from "./rpc.ts";
import { textTool, type McpTool, type ToolResult } from "./tool.ts";

export function managedMcpRoutes(state: SandboxState): Router {
  const router = Router();
  const serve = (
    path: string,
    endpoint: EndpointName,
    scopes: string[],
    tools: (req: Request) => McpTool[],
  ) => router.all(path, gate(state, endpoint, { scopes }), mcpEndpoint(state, endpoint, tools));
  const sql = sqlTools(state);
  serve("/api/2.0/mcp/sql", "mcp_sql", ["sql"], () => sql);
  const scores = [churnScore(state)];
  const functions = "/api/2.0/mcp/functions/:catalog/:schema{/:name}";
  serve(functions, "mcp_functions", ["unity-catalog"], (req) => named(scores, req));
  const documents = [documentSearch(state)];
  for (const kind of ["vector-search", "ai-search"]) {
    const index = `/api/2.0/mcp/${kind}/:catalog/:schema{/:name}`;
    serve(index, "mcp_vector", ["ai-search", "vector-search"], (req) => named(documents, req));
  }
  return router;
}

/** Tools are called `<catalog>__<schema>__<name>`; a path without a name serves the whole schema. */
function named(tools: McpTool[], req: Request): McpTool[] {
  const { catalog, schema, name } = req.params;
  const wanted = [catalog, schema, ...(name ? [name] : [])].join("__");
  const found = tools.filter(
    (tool) => tool.name === wanted || (!name && tool.name.startsWith(`${wanted}__`)),
  );
  if (found.length === 0) throw missing(`'${wanted.replaceAll("__", ".")}' does not exist.`);
  return found;
}

function sqlTools({ statements }: SandboxState): McpTool[] {
  return [
    textTool(
      "execute_sql_read_only",
      "Run a reading SQL statement on the warehouse.",
      ["query"],
      async (args, { subject }) => {
        const request = { statement: textArgument(args, "query"), parameters: {}, row_limit: 1_000 };
        const statement = statements.submit(subject, request);
        await statement.done;
        return structured(statementBody(statement), statement.state === "FAILED");
      },
    ),
    textTool(
      "poll_sql_result",
      "Poll a statement that is still running.",
      ["statement_id"],
      async (args, { subject }) => {
        const statement = own(() => statements.get(subject, textArgument(args, "statement_id")));
        return structured(statementBody(statement), statement.state === "FAILED");
      },
    ),
  ];
}

/** Scores one customer or segment with the churn part; the reply has the form of a table function. */
function churnScore({ company }: SandboxState): McpTool {
  const description =
    "Probability that a customer, or the customers of a segment, churn next quarter, with drivers.";
  return textTool("main__retention__churn_score", description, ["customer"], async (args) => {
    const question = `How likely is ${textArgument(args, "customer")} to churn next quarter, and why?`;
    const { text } = await company.churn.answer({ question, context: [] });
    return structured({ is_truncated: false, columns: ["output"], rows: [[text]] }, false);
  });
}

function documentSearch(state: SandboxState): McpTool {
  const description = "Search the policy and playbook documents.";
  return textTool("main__support__documents", description, ["query"], async (args) => {
    const { citations } = await state.company.knowledge.answer({
      question: textArgument(args, "query"),
      context: [],
    });
    const found = citations.map(({ title, url, snippet }) => ({
      title,
      url: new URL(url, state.host()).href,
      content: snippet,
    }));
    return { content: [{ type: "text", text: JSON.stringify(found) }], isError: false };
  });
}

function structured(value: Record<string, unknown>, isError: boolean): ToolResult {
  return { content: [{ type: "text", text: JSON.stringify(value) }], structuredContent: value, isError };
}

/** A missing statement is a JSON-RPC error here. */
function own<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof RpcError ? error : new RpcError(-32602, `NOT_FOUND: ${String(error)}`);
  }
}
