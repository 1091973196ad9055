/** `${NAME}` and `${NAME:-default}` in a string; `$${` stands for a plain `${`. An empty variable counts as not set. */

export type Env = Readonly<Record<string, string | undefined>>;

export interface Expanded {
  text: string;
  /** Variables that are neither set nor given a default, in order of appearance. */
  missing: string[];
}

const REFERENCE = /\$?\$\{([^}]*)\}/g;
const BODY = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?$/;

export function expandEnv(text: string, env: Env): Expanded {
  const missing: string[] = [];
  const expanded = text.replace(REFERENCE, (whole, body: string) => {
    if (whole.startsWith("$$")) return whole.slice(1);
    const [, name = "", fallback] = BODY.exec(body) ?? [];
    const value = env[name] || fallback;
    if (value !== undefined) return value;
    missing.push(name === "" ? body : name);
    return whole;
  });
  return { text: expanded, missing };
}
