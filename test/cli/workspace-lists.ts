/** The listing routes of a workspace on a real socket: apps and Genie spaces in pages, endpoints in one piece. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface WorkspaceLists {
  url: string;
  close(): Promise<void>;
}

const APPS = [
  { name: "retention-agent", description: "Plans what to do about customers at risk." },
  { name: "crm", description: "" },
];
const SPACES = [
  { space_id: "01ef", title: "Sales & Revenue", description: "Bookings, revenue and churn by month." },
  { space_id: "02ef", title: "Sales/Revenue" },
];
const ENDPOINTS = [
  {
    name: "ka-12-endpoint",
    task: "agent/v1/responses",
    tile_endpoint_metadata: { problem_type: "KNOWLEDGE_ASSISTANT" },
  },
  { name: "churn", task: "agent/v1/responses" },
  { name: "databricks-claude", task: "llm/v1/chat" },
  { name: "databricks-gte", task: "llm/v1/embeddings" },
];

/** One item per page. `forbidden` paths answer 403. */
export async function startWorkspaceLists(token: string, forbidden: string[] = []): Promise<WorkspaceLists> {
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? "/", "http://127.0.0.1");
    const page = Number(url.searchParams.get("page_token") ?? 0);
    const pageOf = (key: string, items: unknown[]) => ({
      [key]: items.slice(page, page + 1),
      ...(page + 1 < items.length ? { next_page_token: String(page + 1) } : {}),
    });
    const send = (status: number, body: object) =>
      res.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (req.headers.authorization !== `Bearer ${token}`)
      send(401, { error_code: "UNAUTHENTICATED", message: "no" });
    else if (forbidden.includes(url.pathname)) send(403, { error_code: "PERMISSION_DENIED", message: "no" });
    else if (url.pathname === "/api/2.0/apps") send(200, pageOf("apps", APPS));
    else if (url.pathname === "/api/2.0/genie/spaces") send(200, pageOf("spaces", SPACES));
    else if (url.pathname === "/api/2.0/serving-endpoints") send(200, { endpoints: ENDPOINTS });
    else send(404, { error_code: "ENDPOINT_NOT_FOUND", message: "no" });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
