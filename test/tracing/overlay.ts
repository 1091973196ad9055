/** The sandbox's configuration with something laid over it, as a variable for `startStack`. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

export function overlay(config: object): { ORCHESTRATOR_CONFIG: string } {
  const path = join(mkdtempSync(join(tmpdir(), "orchestrator-overlay-")), "overlay.yaml");
  writeFileSync(path, stringify(config));
  return { ORCHESTRATOR_CONFIG: `config/sandbox.yaml,${path}` };
}
