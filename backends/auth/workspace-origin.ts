/** The workspace's origin from however it was written: `DATABRICKS_HOST` may lack its scheme (contracts section 6). */

/** Without a trailing slash, path or query. Throws `TypeError` for what is no address. */
export function workspaceOrigin(host: string): string {
  const text = host.trim();
  return new URL(/^https?:\/\//i.test(text) ? text : `https://${text}`).origin;
}
