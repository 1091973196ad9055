/** Whether an MCP server may see the workspace's token. */

/** The workspace's token goes to the workspace, to its Apps, and to loopback; never to a stranger. */
export function mayHaveToken(url: string, host: string): boolean {
  const { origin, hostname, protocol } = new URL(url);
  if (origin === host) return true;
  if (hostname === "127.0.0.1" || hostname === "localhost" || hostname === "[::1]") return true;
  return protocol === "https:" && hostname.endsWith(".databricksapps.com");
}
