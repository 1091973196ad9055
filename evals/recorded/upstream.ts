/** Hands a request on to the real workspace, or to one of its apps, and reads the reply whole. */
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";

export interface Forwarded {
  status: number;
  type: string;
  body: string;
  /** Headers that the caller needs to go on. */
  headers: Record<string, string>;
}

export interface Upstream {
  /** Addresses that stand for the workspace. */
  readonly origins: readonly string[];
  forward(request: {
    method: string;
    path: string;
    headers: IncomingHttpHeaders;
    body: string;
  }): Promise<Forwarded>;
  /** The apps' own addresses come through here too. */
  learnApp(name: string, url: string): void;
}

const SENT = ["authorization", "content-type", "accept", "mcp-session-id", "mcp-protocol-version", "x-mlflow-return-trace-id"]; // prettier-ignore
const KEPT = ["mcp-session-id", "retry-after", "allow"];
const TIMEOUT_MS = 120_000;
const App = z.object({ url: z.string() });

/** Paths of apps begin with this and the app's name. */
export const APP_PATH = /^\/_app\/([^/]+)/;

export function createUpstream(origin: string): Upstream {
  const apps = new Map<string, string>();
  /** An app whose look-up was played from a recording. */
  const lookUp = async (name: string, headers: Record<string, string>): Promise<string> => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const reply = await fetch(`${origin}/api/2.0/apps/${name}`, { headers, signal });
    const url = App.parse(await reply.json()).url.replace(/\/+$/, "");
    apps.set(name, url);
    return url;
  };
  return {
    get origins() {
      return [origin, ...apps.values()];
    },
    learnApp: (name, url) => void apps.set(name, url.replace(/\/+$/, "")),
    async forward({ method, path, headers, body }) {
      const sent = Object.fromEntries(
        SENT.flatMap((name) => (typeof headers[name] === "string" ? [[name, headers[name]]] : [])),
      );
      const app = APP_PATH.exec(path)?.[1];
      const base = app === undefined ? origin : (apps.get(app) ?? (await lookUp(app, sent)));
      const url = `${base}${path.replace(APP_PATH, "")}`;
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const reply = await fetch(url, { method, headers: sent, signal, ...(body === "" ? {} : { body }) });
      const kept = KEPT.flatMap((name) => {
        const value = reply.headers.get(name);
        return value === null ? [] : [[name, value] as const];
      });
      const type = reply.headers.get("content-type") ?? "application/json";
      return { status: reply.status, type, body: await reply.text(), headers: Object.fromEntries(kept) };
    },
  };
}
