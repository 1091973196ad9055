/** Profiles of the Databricks command line (`~/.databrickscfg`, an ini file). */
import { readFileSync } from "node:fs";

export interface Profile {
  host?: string;
  token?: string;
  client_id?: string;
  client_secret?: string;
}

/** Null when the file or the profile is not there; keys that are not needed here are left out. */
export function readProfile(path: string, name: string): Profile | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return null;
  }
  const section = text
    .split(/^(?=\s*\[)/m)
    .find((part) => /^\s*\[([^\]]*)\]/.exec(part)?.[1]?.trim() === name);
  if (section === undefined) return null;
  const value = (key: string) =>
    new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*(\\S+)[ \\t]*$`, "m").exec(section)?.[1];
  return {
    host: value("host"),
    token: value("token"),
    client_id: value("client_id"),
    client_secret: value("client_secret"),
  };
}
