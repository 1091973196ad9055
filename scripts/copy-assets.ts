/** Puts beside the compiled code what the compiler does not copy: configuration files and the page. */
import { cpSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

for (const path of ["config/orchestrator.yaml", "config/sandbox.yaml", "web"]) {
  if (existsSync(`${root}${path}`)) cpSync(`${root}${path}`, `${root}dist/${path}`, { recursive: true });
}
