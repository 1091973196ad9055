/** What the arms outside of our server share: models and backends as the server would make them, and what a turn used. */
import { BackendError } from "../../backends/errors.ts";
import type { ChatModel, ChatResult } from "../../backends/chat-model.ts";
import { createBackends, type Backends } from "../../backends/registry.ts";
import { loadConfig } from "../../config/load.ts";
import { priceFrom, type Price } from "../../config/price.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import type { OrchestratorConfig } from "../../config/schema.ts";
import type { Outcome } from "../outcome.ts";
import { ResponseOnWire } from "../wire.ts";
import type { Ground } from "./arm.ts";
import { modelSettings, type ModelChoice } from "./model-choice.ts";

export interface Outside {
  config: OrchestratorConfig;
  backends: Backends;
  model: ChatModel;
  price: Price;
}

/** The caller of a turn without a user: the app's own identity. */
export const CALLER = { subject: "evaluation" };

export function openOutside(choice: ModelChoice, ground: Ground): Outside {
  const settings = { models: modelSettings(choice, { synthesizer: "large" }) };
  const variables = { ...ground.env, ORCHESTRATOR_CONFIG: ground.configWith(settings) };
  const read = readConfigFiles(variables, process.cwd());
  const config = loadConfig({ ...read.env, SANDBOX_URL: ground.workspaceUrl }, read.files);
  const backends = createBackends(config, { env: read.env });
  const model = backends.models.synthesizer;
  if (model === null) throw new TypeError("This arm needs a model.");
  return { config, backends, model, price: priceFrom(config.models) };
}

type Outputs = NonNullable<Outcome["response"]>["custom_outputs"];
export type Used = Outputs["usage"][number];

export function usedBy(
  node: string,
  { model, usage }: Pick<ChatResult, "model" | "usage">,
  price: Price,
): Used {
  return { node, calls: 1, usage, usd: usage === null ? null : price(model, usage) };
}

export interface Told {
  text: string;
  calls: object[];
  usage: Used[];
}

/** A turn as an outcome; a failing model is one, anything else is a bug and throws. */
export async function outcomeOf(id: string, turn: () => Promise<Told>): Promise<Outcome> {
  const started = performance.now();
  try {
    const { text, calls, usage } = await turn();
    const steps = calls.map((call) => ({ depends_on: [], id: "s1", ...call }));
    const plan = { kind: calls.length > 0 ? "plan" : "direct", steps };
    const custom_outputs = { plan, backend_calls: calls, usage };
    const response = ResponseOnWire.parse({ id: "", status: "completed", custom_outputs });
    return { id, response, text, error: null, latency_ms: performance.now() - started };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { id, response: null, text: "", error: error.message, latency_ms: performance.now() - started };
  }
}
