/** The one schema of everything a user can set. Parsed by `loadConfig`; the result is frozen. */
import { z } from "zod";

/** Backend names are graph node names, metric labels and trace names at once (DESIGN section 3, "Names"). */
export const BACKEND_NAME = /^[a-z][a-z0-9_]{0,40}$/;

/** Names that a backend may not take: graph nodes and state keys. */
export const RESERVED_NAMES: readonly string[] = [
  "classify", "dispatch", "clarify", "approve", "synthesize", "verify", "direct", "other",
  "question", "history", "summary", "plan", "findings", "conversations", "answer", "usage", "turn", "options",
  "clarification", "approvals", "replans", "verification", "run_id",
]; // prettier-ignore

const positive = z.number().positive();
const count = z.number().int().min(0);

/** How calls to one backend may fail, wait and be repeated. Times in milliseconds. */
export const PolicyConfig = z.strictObject({
  /** Repeats after a safe failure (429, 502, 503, 504, connect); 0 switches them off. */
  retries: count.default(2),
  /** Time to open the connection. */
  connect_timeout_ms: positive.default(5_000),
  /** Longest silence inside a response body. */
  idle_timeout_ms: positive.default(60_000),
  /** Calls under way at once to this backend, over all users. */
  concurrency: z.number().int().min(1).default(32),
  /** Calls that may wait for a place; one more is refused with `busy`. */
  queue: count.default(256),
  /** Consecutive failures that open the circuit breaker; 0 switches it off. */
  breaker_failures: count.default(5),
  /** How long the breaker stays open before it lets one probe through. */
  breaker_reset_ms: positive.default(10_000),
  /** Largest response body that is read, in bytes. */
  max_bytes: positive.default(8_000_000),
});
export type PolicyConfig = z.infer<typeof PolicyConfig>;

const backendCommon = {
  /** Unique; the node's name in the graph, traces and metrics. */
  name: z.string().regex(BACKEND_NAME, "must match ^[a-z][a-z0-9_]{0,40}$"),
  /** What this backend can answer, in a sentence or two: the router reads it. */
  description: z.string().min(10),
  /** Questions it answers well; from about 20 on the local router earns its keep. */
  examples: z.array(z.string().min(1)).default([]),
  /** Examples grouped by sub-topic: helps to reject what is out of scope. */
  topics: z.record(z.string(), z.array(z.string().min(1))).default({}),
  /** More ways in which people ask what it answers, in their own words: routing learns from them, nobody is shown them. */
  wordings: z.array(z.string().min(1)).default([]),
  /** Its own vocabulary: tables with columns and values, documents with headings. Keeps words from counting as foreign. */
  terms: z.array(z.string().min(1)).default([]),
  /** When not to use it. */
  not_for: z.string().default(""),
  /** Whose token is sent: the asking user's (on behalf of) or the app's own. */
  identity: z.enum(["user", "app"]).default("app"),
  /** Longest time for one question, waiting and retries included. */
  timeout_ms: positive.default(60_000),
  /** Whether it understands results of earlier steps beside the question. */
  accepts_context: z.boolean().default(true),
  /** Whether it changes anything outside: then a failed call is repeated only where it surely did nothing, and `approval: writes` asks first. */
  writes: z.boolean().default(false),
  /** When a person must approve the call first. */
  approval: z.enum(["never", "writes", "always"]).default("never"),
  /** What one call costs in US dollars, where it is known. */
  cost_per_call_usd: z.number().min(0).optional(),
  /** Off: the backend is checked like the others and then left out. */
  enabled: z.boolean().default(true),
  /** How calls may fail, wait and be repeated. */
  policy: PolicyConfig.prefault({}),
};

/** An agent deployed as a Databricks App (contracts section 2). */
export const AppBackendConfig = z.strictObject({
  ...backendCommon,
  kind: z.literal("app"),
  /** The app's name. */
  target: z.string().min(1),
  /** Skips the look-up of the app's URL. */
  url: z.url().optional(),
});

/** A Genie space (contracts section 3). */
export const GenieBackendConfig = z.strictObject({
  ...backendCommon,
  kind: z.literal("genie"),
  /** The space's id. */
  target: z.string().min(1),
  /** `auto` asks over managed MCP and falls back to the Conversation REST API. */
  transport: z.enum(["auto", "mcp", "rest"]).default("auto"),
  /** Limit of the workspace over all spaces (free tier: 5); 0 means no limit. */
  questions_per_minute: count.default(5),
  /** How long an answer may be served again to the same identity; 0 switches the cache off. */
  cache_ttl_ms: count.default(0),
  /** Rows kept as evidence. */
  max_rows: z.number().int().min(1).default(200),
});

/** A knowledge assistant: an agent endpoint whose answers carry citations (contracts section 4). */
export const KnowledgeAssistantBackendConfig = z.strictObject({
  ...backendCommon,
  kind: z.literal("knowledge_assistant"),
  /** The serving endpoint's name. */
  target: z.string().min(1),
});

/** Any other endpoint of Model Serving: agent, chat model or custom model (contracts sections 1, 4 and 5). */
export const ServingEndpointBackendConfig = z.strictObject({
  ...backendCommon,
  kind: z.literal("serving_endpoint"),
  /** The serving endpoint's name. */
  target: z.string().min(1),
  /** Skips the detection of the endpoint's task. */
  task: z
    .enum([
      "agent/v1/responses",
      "agent/v2/responses",
      "agent/v2/chat",
      "agent/v1/chat",
      "llm/v1/chat",
      "custom",
    ])
    .optional(),
  /** For a custom model: the column of `dataframe_records` that takes the question. */
  input_column: z.string().default("question"),
  /** Longest answer of a chat model, in tokens. */
  max_output_tokens: z.number().int().min(1).optional(),
});

/** Any MCP server over streamable HTTP: managed by Databricks, on Apps, or elsewhere (contracts section 3c). */
export const McpBackendConfig = z.strictObject({
  ...backendCommon,
  kind: z.literal("mcp"),
  /** A path of the workspace (`/api/2.0/mcp/...`) or a whole URL. */
  target: z.string().min(1),
  /** The tool to call; without it the server's only tool, or the first one whose arguments fit. */
  tool: z.string().optional(),
  /** The argument that takes the question; without it the tool's only required string. */
  question_argument: z.string().optional(),
  /** Further arguments, sent as they stand. */
  arguments: z.record(z.string(), z.json()).default({}),
  /** Whether the workspace's token goes along; off for servers outside the workspace. */
  send_token: z.boolean().default(true),
  /** Sent with every call; values may hold variables. */
  headers: z.record(z.string(), z.string()).default({}),
});

/** Read-only SQL with AI functions on a warehouse (Statement Execution API). */
export const SqlBackendConfig = z.strictObject({
  ...backendCommon,
  kind: z.literal("sql"),
  /** The warehouse's id. */
  target: z.string().min(1),
  /** Catalog of names that the statements do not qualify. */
  catalog: z.string().optional(),
  /** Schema of names that the statements do not qualify. */
  schema: z.string().optional(),
  /** Named statements; `:question` and the parameters are bound, never pasted. */
  statements: z
    .array(
      z.strictObject({
        /** Unique within the backend. */
        name: z.string().min(1),
        /** What it answers: the choice between statements reads it. */
        description: z.string().min(1),
        /** One SELECT with `:name` parameters. */
        sql: z.string().min(1),
        /** Parameters beside `:question`. */
        parameters: z
          .array(
            z.strictObject({
              /** The name behind the colon. */
              name: z.string(),
              /** SQL type that the value is bound with. */
              type: z.string().default("STRING"),
              /** Value when the question gives none. */
              default: z.string().optional(),
            }),
          )
          .default([]),
      }),
    )
    .min(1),
  /** Rows kept as evidence. */
  max_rows: z.number().int().min(1).default(100),
});

/** An existing Databricks supervisor, asked as one branch (contracts section 10). */
export const SupervisorBackendConfig = z.strictObject({
  ...backendCommon,
  kind: z.literal("supervisor"),
  /** The model that supervises. */
  target: z.string().min(1),
  /** System instructions for the supervisor. */
  instructions: z.string().optional(),
  /** Tools as the Supervisor API takes them. */
  tools: z.array(z.record(z.string(), z.json())).default([]),
  /** Start the answer in the background and poll, so that long work survives a cut connection. */
  background: z.boolean().default(true),
});

export const BackendConfig = z.discriminatedUnion("kind", [
  AppBackendConfig,
  GenieBackendConfig,
  KnowledgeAssistantBackendConfig,
  ServingEndpointBackendConfig,
  McpBackendConfig,
  SqlBackendConfig,
  SupervisorBackendConfig,
]);
export type BackendConfig = z.infer<typeof BackendConfig>;
export type BackendKind = BackendConfig["kind"];
export type BackendConfigOf<K extends BackendKind> = Extract<BackendConfig, { kind: K }>;

/** Prices in US dollars per million tokens. What is not given stays unknown, never 0. */
export const PriceConfig = z.strictObject({
  /** Tokens sent. */
  input: z.number().min(0),
  /** Tokens received. */
  output: z.number().min(0),
  /** Tokens sent that the provider had cached; without it they count as sent. */
  cached_input: z.number().min(0).optional(),
});
export type PriceConfig = z.infer<typeof PriceConfig>;

/** Checks that also run beside mistakes in single values, so that all of them are told at once. */
function isMapping({ value }: { value: unknown }): boolean {
  return typeof value === "object" && value !== null;
}

/** A chat model behind a serving endpoint of the workspace, or behind any OpenAI-compatible URL. */
export const ModelEndpointConfig = z
  .strictObject({
    /** Name of a serving endpoint; the workspace's token is sent. */
    endpoint: z.string().min(1).optional(),
    /** Base URL of an OpenAI-compatible server, `/v1` included where it has one. */
    base_url: z.url().optional(),
    /** The model's name; with `endpoint` the endpoint's name serves. */
    model: z.string().min(1).optional(),
    /** Key for `base_url`, sent as a bearer token. */
    api_key: z.string().optional(),
    /** Longest time for one answer of the model. */
    timeout_ms: positive.default(60_000),
    /** Repeats after a safe failure. */
    retries: count.default(1),
    /** Without it the server decides. */
    temperature: z.number().min(0).max(2).optional(),
    /** Longest answer in tokens; Databricks reserves them up front. */
    max_output_tokens: z.number().int().min(1).default(2_048),
    /** Whether to ask for usage in streams (`stream_options.include_usage`). */
    stream_usage: z.boolean().default(true),
    /** Without it cost stays unknown. */
    price: PriceConfig.optional(),
  })
  .refine((m) => (m.endpoint === undefined) !== (m.base_url === undefined), {
    error: "give either `endpoint` (a serving endpoint) or `base_url` (any OpenAI-compatible server)",
    when: isMapping,
  })
  .refine((m) => m.base_url === undefined || m.model !== undefined, {
    error: "`base_url` needs `model`",
    when: isMapping,
  });
export type ModelEndpointConfig = z.infer<typeof ModelEndpointConfig>;

export const ModelConfig = z.union([z.literal("none"), ModelEndpointConfig]);
export type ModelConfig = z.infer<typeof ModelConfig>;

/** One model per decision point; `none` leaves the decision to the local code. */
export const ModelsConfig = z.strictObject({
  /** The small model that classifies (tier 2). */
  router: ModelConfig.default("none"),
  /** The large model that plans (tier 3). */
  planner: ModelConfig.default("none"),
  /** Writes the answer. */
  synthesizer: ModelConfig.default("none"),
  /** A larger model that writes again, once, what the evidence does not confirm (with `verify: gate`). */
  reviser: ModelConfig.default("none"),
  /** Scores answers in the evaluations and in online scoring. */
  judge: ModelConfig.default("none"),
});

export type ModelsConfig = z.infer<typeof ModelsConfig>;

export const RoutingConfig = z.strictObject({
  /** Which tiers of the cascade may decide. */
  tiers: z
    .strictObject({
      /** Tier 0: `@backend` and operator rules. */
      rules: z.boolean().default(true),
      /** Tier 1: the local classifier. */
      local: z.boolean().default(true),
      /** Tier 2: `models.router`. */
      small: z.boolean().default(true),
      /** Tier 3: `models.planner`. */
      large: z.boolean().default(true),
    })
    .prefault({}),
  /** Operator rules, tried in order: a regular expression over the question that names the backends to ask. */
  rules: z
    .array(
      z.strictObject({
        /** Regular expression over the question. */
        pattern: z.string().min(1),
        /** Asked in parallel when it matches. */
        backends: z.array(z.string()).min(1),
        /** Flags of the expression. */
        flags: z.string().default("i"),
      }),
    )
    .default([]),
  /** Probability from which the local classifier decides alone; a calibration file overrides it. */
  threshold: z.number().min(0).max(1).default(0.55),
  /** Calibrated threshold of the local tier (JSON). */
  calibration_file: z.string().optional(),
  /** Labelled questions promoted from feedback (JSONL). */
  promoted_file: z.string().optional(),
  /** Questions that no backend answers: examples of the "other" class. */
  other_examples: z.array(z.string()).default([]),
  /** Ask back when the plan is ambiguous. */
  clarify: z.boolean().default(true),
  /** What happens to numbers that the evidence does not confirm: a visible note, or held back until checked. */
  verify: z.enum(["off", "note", "gate"]).default("note"),
  /** A second routing configuration that decides beside this one on a share of the questions, never executed. What it does not name stays as it is. */
  shadow: z
    .strictObject({
      /** Share of the questions that are decided twice. */
      share: z.number().min(0).max(1),
      /** The threshold on trial. */
      threshold: z.number().min(0).max(1).optional(),
      /** A calibration file on trial (JSON). */
      calibration_file: z.string().optional(),
      /** Promoted questions on trial (JSONL). */
      promoted_file: z.string().optional(),
      /** Examples of the "other" class on trial. */
      other_examples: z.array(z.string()).optional(),
      /** Descriptions of backends on trial, by name. */
      descriptions: z.record(z.string(), z.string().min(1)).optional(),
    })
    .optional(),
});
export type RoutingConfig = z.infer<typeof RoutingConfig>;

export const BudgetsConfig = z.strictObject({
  /** One deadline for a whole foreground request. */
  deadline_ms: positive.default(110_000),
  /** Deadline of a background run. */
  background_deadline_ms: positive.default(1_800_000),
  /** Steps of one plan. */
  max_steps: z.number().int().min(1).max(32).default(8),
  /** Longest chain of steps that build on one another. */
  max_depth: z.number().int().min(1).max(16).default(5),
  /** Steps of one request that run at once. */
  max_parallel: z.number().int().min(1).default(8),
  /** Times that a plan may be made anew after what was found. */
  max_replans: count.default(1),
  /** Tokens over all models of one request. */
  max_tokens: z.number().int().min(1).optional(),
  /** Cost of one request over all models and backends. */
  max_cost_usd: positive.optional(),
  /** Over this estimated cost a plan needs approval. */
  approval_over_usd: positive.optional(),
  /** Below this confidence (0 to 1) a step needs approval; 0 switches it off. */
  approval_below_confidence: z.number().min(0).max(1).default(0),
  /** Cost of all requests of one user in a day (UTC). */
  max_cost_usd_per_user_per_day: positive.optional(),
  /** Turns of the conversation that the models see. */
  history_turns: z.number().int().min(0).max(100).default(8),
});
export type BudgetsConfig = z.infer<typeof BudgetsConfig>;

export const PersistenceConfig = z.strictObject({
  /** `memory` forgets everything when the process ends. */
  kind: z.enum(["sqlite", "postgres", "memory"]).default("sqlite"),
  /** SQLite file; its folder is created. */
  path: z.string().default(".data/orchestrator.db"),
  /** Postgres connection string; without it the PG* variables count. */
  url: z.string().optional(),
  /** Schema of our own in Postgres. */
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/)
    .default("orchestrator"),
  /** Connections to Postgres at most. */
  pool_max: z.number().int().min(1).default(10),
  /** A process that was silent for so long counts as dead: others take over its runs and threads. */
  lease_ms: z.number().int().min(500).default(10_000),
  /** Lakebase (Postgres of Databricks): one of the two keys. */
  lakebase: z
    .strictObject({
      /** Endpoint path of an autoscaling project; its database credential is the password. */
      endpoint: z.string().optional(),
      /** Name of a provisioned instance. */
      instance: z.string().optional(),
    })
    .optional(),
  /** What is removed, and when. */
  retention: z
    .strictObject({
      /** Days until an untouched thread is removed; 0 keeps it. */
      thread_days: count.default(0),
      /** Turns of a thread whose checkpoints are kept. */
      checkpoint_turns: z.number().int().min(1).default(10),
      /** How often the job runs. */
      every_ms: positive.default(3_600_000),
    })
    .prefault({}),
});
export type PersistenceConfig = z.infer<typeof PersistenceConfig>;

export const TracingConfig = z.strictObject({
  /** How much of questions, payloads and answers spans carry. */
  capture: z.enum(["off", "preview", "full"]).default("preview"),
  /** The same for requests with `store: false`, of which nothing else is kept. */
  capture_unstored: z.enum(["off", "preview", "full"]).default("off"),
  /** Further patterns (regular expressions) that are redacted before any exporter. */
  redact: z.array(z.string()).default([]),
  /** Whether user ids appear as they are; otherwise hashed. */
  user_ids: z.enum(["hashed", "plain"]).default("hashed"),
  /** Whether an inbound traceparent is adopted. */
  adopt_traceparent: z.boolean().default(true),
  /** The trace store in our own database. */
  local: z
    .strictObject({
      /** Off: no trace is kept here. */
      enabled: z.boolean().default(true),
      /** Traces kept; the oldest go first. */
      max_traces: z.number().int().min(1).default(2_000),
      /** Days that a trace is kept. */
      max_age_days: positive.default(14),
    })
    .prefault({}),
  /** Any OTLP/HTTP collector (protobuf). */
  otlp: z
    .strictObject({
      /** Whole URL of the traces endpoint, such as http://127.0.0.1:4318/v1/traces. */
      url: z.url(),
      /** Sent with every export; values may hold variables. */
      headers: z.record(z.string(), z.string()).default({}),
    })
    .optional(),
  /** MLflow, open source or on Databricks. */
  mlflow: z
    .strictObject({
      /** `databricks`, or the URL of an open-source tracking server. */
      tracking_uri: z.string(),
      /** Name or id; created if missing. */
      experiment: z.string(),
      /** `catalog.schema` (Unity Catalog) for traces in tables; without it they live in the experiment. */
      uc_schema: z.string().optional(),
      /** Prefix of the tables in `uc_schema`. */
      uc_table_prefix: z.string().default("mlflow_experiment_trace"),
      /** Warehouse that creates the tables. */
      sql_warehouse_id: z.string().optional(),
    })
    .optional(),
  /** LangSmith reads its own LANGSMITH_* variables; this only switches it. */
  langsmith: z.boolean().default(false),
  /** Online scoring of answers. */
  scoring: z
    .strictObject({
      /** Share of the answers that `models.judge` scores; the deterministic scorers see every one. */
      judge_share: z.number().min(0).max(1).default(0),
    })
    .prefault({}),
});
export type TracingConfig = z.infer<typeof TracingConfig>;

export const ServerConfig = z.strictObject({
  /** Address to bind; loopback unless told otherwise, 0.0.0.0 inside Databricks Apps. */
  host: z.string().default("127.0.0.1"),
  /** Processes that share the port and the database; `npm start -- --workers 4` wins over this. */
  workers: z.number().int().min(1).max(64).default(1),
  /** The model name that responses echo when the client gives none. */
  model_name: z.string().default("orchestrator"),
  /** Peers whose forwarded headers are believed (addresses or CIDR ranges). */
  trusted_proxies: z.array(z.string()).default([]),
  /** Origins that may call from a browser; closed by default. */
  cors_origins: z.array(z.string()).default([]),
  /** How callers are identified. */
  auth: z
    .strictObject({
      /** Verify a forwarded or bearer access token against the workspace (SCIM Me). */
      workspace_tokens: z.boolean().default(true),
      /** Verify bearer tokens of another issuer. */
      jwt: z
        .strictObject({
          /** Where the issuer publishes its keys. */
          jwks_url: z.url(),
          /** The `iss` that a token must have. */
          issuer: z.string().optional(),
          /** The `aud` that a token must have. */
          audience: z.string().optional(),
          /** The claim that names the user. */
          subject_claim: z.string().default("sub"),
        })
        .optional(),
      /** API keys as SHA-256 hex, each with the subject it stands for. */
      api_keys: z
        .array(
          z.strictObject({
            /** Whom the key stands for. */
            subject: z.string().min(1),
            /** SHA-256 of the key. */
            sha256: z.string().regex(/^[0-9a-f]{64}$/),
          }),
        )
        .default([]),
      /** Whether unidentified callers may ask; they are one subject, `anonymous`: who knows the id of a conversation can read it, the list of them is for the own machine alone. */
      anonymous: z.boolean().default(true),
    })
    .prefault({}),
  /** What one caller or all of them may use. */
  limits: z
    .strictObject({
      /** Largest request body. */
      body_bytes: positive.default(10_000_000),
      /** Items of one request at most. */
      input_items: positive.default(1_000),
      /** Per caller and process; 0 means no limit. */
      requests_per_minute: count.default(0),
      /** Runs of one caller at once in one process. */
      concurrent_runs_per_user: positive.default(32),
      /** Open streams over all callers in one process. */
      streams: positive.default(2_000),
      /** A reader that takes nothing for so long is cut off. */
      slow_reader_ms: positive.default(60_000),
    })
    .prefault({}),
  /** Silence on a stream after which a comment is sent to keep it open. */
  keep_alive_ms: positive.default(15_000),
  /** What a request on a busy thread gets: its turn, or 409. */
  busy_thread: z.enum(["queue", "reject"]).default("queue"),
  /** Serve LangGraph's own API under `/langgraph`, for its SDK, RemoteGraph and Studio. */
  langgraph_api: z.boolean().default(false),
});
export type ServerConfig = z.infer<typeof ServerConfig>;

export const WorkspaceConfig = z.strictObject({
  /** Workspace URL; a missing `https://` is added. */
  host: z.string().min(1),
  /** Personal access token. */
  token: z.string().optional(),
  /** Client id of a service principal (OAuth M2M); given by Databricks Apps. */
  client_id: z.string().optional(),
  /** Secret that belongs to `client_id`. */
  client_secret: z.string().optional(),
  /** Profile of the Databricks CLI. */
  profile: z.string().optional(),
  /** Which way to authenticate, when several are possible. */
  auth_type: z
    .enum(["pat", "oauth-m2m", "databricks-cli", "azure-cli", "azure-client-secret", "google"])
    .optional(),
});
export type WorkspaceConfig = z.infer<typeof WorkspaceConfig>;

export const OrchestratorConfig = z.strictObject({
  /** Shown by `/agent/info` and in traces. */
  name: z.string().default("orchestrator"),
  /** Shown by `/agent/info`. */
  description: z
    .string()
    .default("Routes questions to the backends of a Databricks workspace and answers with citations."),
  /** The Databricks workspace that everything is asked of. */
  workspace: WorkspaceConfig,
  /** Everything that questions may go to. */
  backends: z.array(BackendConfig).min(1),
  /** One model per decision point; `none` leaves the decision to the local code. */
  models: ModelsConfig.prefault({}),
  /** How a question becomes a plan, and how the answer is checked. */
  routing: RoutingConfig.prefault({}),
  /** What one request may use. */
  budgets: BudgetsConfig.prefault({}),
  /** Where conversations, runs, evidence and traces are kept. */
  persistence: PersistenceConfig.prefault({}),
  /** What is recorded of a request, and where it goes. */
  tracing: TracingConfig.prefault({}),
  /** The HTTP server and who may call it. */
  server: ServerConfig.prefault({}),
});
export type OrchestratorConfig = z.infer<typeof OrchestratorConfig>;
