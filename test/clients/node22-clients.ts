/** The clients that need Node 22, asked in a process of their own: `NODE22` names the binary, `npm ci` brought the packages. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Report } from "./ask-all.ts";
import type { Target } from "./client.ts";

const FOLDER = "test/clients/node22";

export interface Node22Clients {
  ask(target: Target): Promise<Report[]>;
  close(): void;
}

/** Why they cannot be asked here, or null. */
export function lacking(binary: string | undefined): string | null {
  if (binary === undefined) return "NODE22 names no Node 22 or later";
  return existsSync(`${FOLDER}/node_modules`) ? null : `npm ci --prefix ${FOLDER} was not run`;
}

export function startNode22Clients(binary: string): Node22Clients {
  const child = spawn(binary, [`${FOLDER}/main.mjs`], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (target) => {
      child.stdin.write(`${JSON.stringify(target)}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error("The process of the clients ended.");
      return JSON.parse(line.value) as Report[];
    },
    close: () => child.stdin.end(),
  };
}
