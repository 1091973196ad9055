/** Which environment variable each target of the configuration is written as: `target: ${GENIE_SPACE_ID}`. */
import { valueAt } from "../../config/loading/config-path.ts";
import type { Env } from "../../config/loading/expand-env.ts";
import { readYaml } from "../../config/loading/yaml-source.ts";
import type { ConfigFile } from "../../config/loading/yaml-source.ts";
import { resourceName } from "./app-resources.ts";

/** By resource name: backends by their name, models by their decision point, `database` for Lakebase. */
export function targetVariables(files: readonly ConfigFile[], env: Env): Map<string, string> {
  const variables = new Map<string, string>();
  for (const file of files) {
    const { data, origins } = readYaml(file, env);
    const set = (name: unknown, path: string) => {
      const variable = /^\$\{([A-Z][A-Z0-9_]*)(:-[^}]*)?\}$/.exec(origins.get(path)?.reference ?? "")?.[1];
      if (typeof name === "string" && variable !== undefined) variables.set(resourceName(name), variable);
    };
    const backends = valueAt(data, ["backends"]);
    const count = Array.isArray(backends) ? backends.length : 0;
    for (let i = 0; i < count; i++) set(valueAt(data, ["backends", i, "name"]), `backends[${i}].target`);
    for (const decision of ["router", "planner", "synthesizer", "reviser", "judge"])
      set(decision, `models.${decision}.endpoint`);
    set("database", "persistence.lakebase.endpoint");
    set("database", "persistence.lakebase.instance");
  }
  return variables;
}
