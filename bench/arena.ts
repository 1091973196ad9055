/** Both servers over one upstream, and what they were asked to do. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startChild, type Child } from "./child.ts";
import { createClient, type Client } from "./client.ts";
import { serverConfig, type Job } from "./server-config.ts";

export interface Subject {
  name: "ours" | "floor";
  child: Child;
  client: Client;
}

export interface Arena {
  subjects: readonly Subject[];
  /** Calls that the upstream has answered so far. */
  upstreamCalls(): Promise<number>;
  close(): Promise<void>;
}

/** Every answer of the job holds these words. */
const EXPECTED: Record<Job, string> = { models: "done [1]", local: "everything is in order" };
const CONNECTIONS = 64;

export async function openArena(job: Job, env: NodeJS.ProcessEnv): Promise<Arena> {
  const folder = await mkdtemp(path.join(tmpdir(), "orchestrator-bench-"));
  const children: Child[] = [];
  const close = async () => {
    for (const child of children.toReversed()) await child.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const upstream = await start(children, "bench/upstream/main.ts", [], env);
    const floor = await start(children, "bench/floor/main.ts", [upstream.url, job], env);
    await writeFile(path.join(folder, "config.yaml"), serverConfig(job, upstream.url, folder));
    const ours = await start(children, "server/main.ts", [], {
      ...env,
      PORT: "0",
      LOG_LEVEL: "error",
      NODE_ENV: "production",
      ORCHESTRATOR_CONFIG: path.join(folder, "config.yaml"),
    });
    const subject = (name: Subject["name"], child: Child): Subject => ({ name, child, client: createClient(child.url, EXPECTED[job], CONNECTIONS) }); // prettier-ignore
    const subjects = [subject("ours", ours), subject("floor", floor)];
    const upstreamCalls = async () => {
      const reply = await fetch(`${upstream.url}/_calls`);
      return ((await reply.json()) as { calls: number }).calls;
    };
    const closeAll = async () => {
      await Promise.all(subjects.map(({ client }) => client.close()));
      await close();
    };
    return { subjects, upstreamCalls, close: closeAll };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  children: Child[],
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Child> {
  const child = await startChild(program, args, env);
  children.push(child);
  return child;
}
