/** One server per variant over the same upstream, which takes 20 ms for each call. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startChild, type Child } from "../child.ts";
import { createClient, type Client } from "../client.ts";
import { serverConfig } from "../server-config.ts";
import { variants } from "./variants.ts";

export interface Subject {
  name: string;
  child: Child;
  client: Client;
}

export interface Arena {
  subjects: readonly Subject[];
  close(): Promise<void>;
}

const TOKENS = "200";
const UPSTREAM_MS = "20";
const CONNECTIONS = 32;

export async function openArena(env: NodeJS.ProcessEnv): Promise<Arena> {
  const folder = await mkdtemp(path.join(tmpdir(), "orchestrator-bench-"));
  const children: Child[] = [];
  const start = async (
    program: string,
    args: readonly string[],
    extra: object = {},
    flags: string[] = [],
  ) => {
    const child = await startChild(program, args, { ...env, ...extra }, flags);
    children.push(child);
    return child;
  };
  const close = async () => {
    await Promise.all(children.map((child) => child.close()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const upstream = await start("bench/upstream/main.ts", [TOKENS, UPSTREAM_MS]);
    const collector = async (mode: string) => (await start("bench/collector/main.ts", [mode])).url;
    const collectors = { ok: await collector("ok"), slow: await collector("slow"), failing: await collector("failing") }; // prettier-ignore
    const subjects: Subject[] = [];
    for (const [at, variant] of variants(collectors).entries()) {
      const home = path.join(folder, String(at));
      const file = `${home}.yaml`;
      const base = JSON.parse(serverConfig("models", upstream.url, home)) as object;
      await writeFile(file, JSON.stringify({ ...base, tracing: variant.tracing }));
      const extra = { PORT: "0", LOG_LEVEL: "fatal", NODE_ENV: "production", ORCHESTRATOR_CONFIG: file };
      const child = await start("server/main.ts", [], { ...extra, ...variant.env }, [
        "--inspect=127.0.0.1:0",
      ]);
      subjects.push({ name: variant.name, child, client: createClient(child.url, "done [1]", CONNECTIONS) });
    }
    const closeAll = async () => {
      await Promise.all(subjects.map(({ client }) => client.close()));
      await close();
    };
    return { subjects, close: closeAll };
  } catch (error) {
    await close();
    throw error;
  }
}
