/** The host of a profile in the Databricks CLI's configuration file (INI). Null when profile or host is missing. */
export function profileHost(text: string, profile: string): string | null {
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (heading !== undefined) section = heading.trim();
    const host = /^\s*host\s*=\s*(\S+)\s*$/.exec(line)?.[1];
    if (host !== undefined && section === profile) return host;
  }
  return null;
}
