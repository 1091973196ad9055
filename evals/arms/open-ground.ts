/** Servers and configurations for arms: what is laid over the configuration lives in a folder that goes with them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import type { Ground } from "./arm.ts";

export interface GroundOptions extends Pick<Ground, "workspaceUrl" | "backends" | "timeout_ms" | "env"> {
  /** The configuration that all arms share. */
  config: string;
  /** Starts a server of a configuration over the workspace. */
  start: (config: string) => Promise<{ url: string; close(): Promise<void> }>;
}

export interface OpenGround extends Ground {
  close(): Promise<void>;
}

export function openGround({ config, start, ...shared }: GroundOptions): OpenGround {
  const folder = mkdtempSync(path.join(tmpdir(), "orchestrator-arms-"));
  const servers = new Map<string, ReturnType<GroundOptions["start"]>>();
  let files = 0;
  const configWith = (settings: object) => {
    if (Object.keys(settings).length === 0) return config;
    const file = path.join(folder, `${(files += 1)}.yaml`);
    writeFileSync(file, stringify(settings));
    return `${config},${file}`;
  };
  return {
    ...shared,
    configWith,
    serve: async (settings) => {
      const key = JSON.stringify(settings);
      const server = servers.get(key) ?? start(configWith(settings));
      servers.set(key, server);
      return (await server).url;
    },
    close: async () => {
      await Promise.all([...servers.values()].map(async (server) => (await server).close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
