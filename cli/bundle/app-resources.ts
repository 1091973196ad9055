/** What a Databricks App needs to run a configuration: resources with permissions, variables, user scopes (contracts section 8). */
import type { BackendConfig, OrchestratorConfig } from "../../config/schema.ts";

export interface AppResource {
  name: string;
  description: string;
  [kind: string]: string | Record<string, string>;
}

export interface AppSettings {
  config: { command: string[]; env: { name: string; value?: string; value_from?: string }[] };
  resources: AppResource[];
  user_api_scopes: string[];
}

/** `variables` says which environment variable the target of a backend or model is written as, by its name. */
export function appSettings(
  config: OrchestratorConfig,
  configPath: string,
  variables: ReadonlyMap<string, string>,
): AppSettings {
  const resources = [
    ...config.backends.flatMap(backendResource),
    ...modelResources(config),
    ...databaseResource(config),
  ];
  const env = resources.flatMap(({ name }) => {
    const variable = variables.get(name);
    return variable === undefined ? [] : [{ name: variable, value_from: name }];
  });
  return {
    config: {
      command: ["npm", "run", "start:app"],
      env: [{ name: "ORCHESTRATOR_CONFIG", value: configPath }, ...env],
    },
    resources,
    user_api_scopes: [...new Set(config.backends.flatMap(scopes))],
  };
}

/** Resource names take letters, digits and hyphens; backend names have underscores. */
export function resourceName(name: string): string {
  return name.replaceAll("_", "-");
}

/** An MCP server has no resource of its own: what stands behind it is granted by hand. */
function backendResource(backend: BackendConfig): AppResource[] {
  const name = resourceName(backend.name);
  const common = { name, description: `Backend ${backend.name}.` };
  switch (backend.kind) {
    case "genie":
      return [{ ...common, genie_space: { name, space_id: backend.target, permission: "CAN_RUN" } }];
    case "knowledge_assistant":
    case "serving_endpoint":
    case "supervisor":
      return [{ ...common, serving_endpoint: { name: backend.target, permission: "CAN_QUERY" } }];
    case "app":
      return [{ ...common, app: { name: backend.target, permission: "CAN_USE" } }];
    case "sql":
      return [{ ...common, sql_warehouse: { id: backend.target, permission: "CAN_USE" } }];
    default:
      return [];
  }
}

function modelResources({ models }: OrchestratorConfig): AppResource[] {
  return Object.entries(models).flatMap(([decision, model]) => {
    if (model === "none" || model.endpoint === undefined) return [];
    const description = `Model of the ${decision}.`;
    return [
      { name: decision, description, serving_endpoint: { name: model.endpoint, permission: "CAN_QUERY" } },
    ];
  });
}

/** The branch is the endpoint's path up to `endpoints`; the database's id has to be looked up. */
function databaseResource({ persistence: { lakebase } }: OrchestratorConfig): AppResource[] {
  const permission = "CAN_CONNECT_AND_CREATE";
  const common = { name: "database", description: "Conversations, runs and traces." };
  if (lakebase?.instance !== undefined) {
    return [
      {
        ...common,
        database: { instance_name: lakebase.instance, database_name: "databricks_postgres", permission },
      },
    ];
  }
  if (lakebase?.endpoint === undefined) return [];
  const branch = lakebase.endpoint.replace(/\/endpoints\/.*$/, "");
  return [
    {
      ...common,
      postgres: { branch, database: `${branch}/databases/\${var.lakebase_database}`, permission },
    },
  ];
}

/** As seen in Databricks' own templates; the platform's vocabulary is not published in full. */
function scopes({ identity, kind }: BackendConfig): string[] {
  if (identity === "app") return [];
  switch (kind) {
    case "genie":
      return ["dashboards.genie"];
    case "sql":
      return ["sql"];
    case "knowledge_assistant":
    case "serving_endpoint":
    case "supervisor":
      return ["serving.serving-endpoints"];
    default:
      return [];
  }
}
