/** What the workspace has, as a block of configuration with notes beside it. */
import { stringify } from "yaml";
import type { Backends } from "../../backends/registry.ts";
import { listWorkspace } from "./list-workspace.ts";
import { toBackends } from "./to-backends.ts";
import type { Discovered } from "./to-backends.ts";

export interface Discovery extends Discovered {
  /** `backends:` as YAML; empty when nothing was found. */
  yaml: string;
  /** Sentences for the person: what could not be listed, what to do next. */
  notes: string[];
}

export async function discover(workspace: Backends, signal: AbortSignal): Promise<Discovery> {
  const contents = await listWorkspace(workspace.services, signal);
  const found = toBackends(contents);
  const yaml = found.backends.length === 0 ? "" : stringify({ backends: found.backends }, { lineWidth: 0 });
  return {
    ...found,
    yaml,
    notes: [...contents.failures.map((each) => `Not listed: ${each}`), ...nextSteps(found)],
  };
}

function nextSteps({ backends, models }: Discovered): string[] {
  if (backends.length === 0) return ["Nothing was found that this identity may see."];
  return [
    "Remove what shall not be asked, say in each description what the backend knows, and add examples.",
    ...(models.length === 0 ? [] : [`Chat models for \`models\`: ${models.join(", ")}`]),
  ];
}
