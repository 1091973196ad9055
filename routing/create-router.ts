/** Builds the router once per process: learns the backends' cards, compiles the rules, keeps the models. */
import type { ChatModel } from "../backends/chat-model.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import { readCalibration, type CalibrationFile } from "./calibration-file.ts";
import { decide, type Cascade } from "./cascade.ts";
import { createKnowledge, type Knowledge, type Promoted } from "./knowledge.ts";
import { createReader, type Reader } from "./local/reader.ts";
import type { RouteContext, RouteInput, Router } from "./router.ts";
import type { Plan } from "./plan.ts";
import { readPromoted } from "./promoted-file.ts";
import { candidateConfig, learnsAnew } from "./candidate.ts";
import { compileRules } from "./rules.ts";
import { createShadow, type Shadow, type ShadowDeps } from "./shadow.ts";

export interface RouterDeps {
  models: { router: ChatModel | null; planner: ChatModel | null };
  /** Labelled questions from feedback; overrides the file that `routing.promoted_file` names. */
  promoted?: readonly Promoted[];
  /** Overrides the file that `routing.calibration_file` names. */
  calibration?: CalibrationFile | null;
  /** Epoch milliseconds. */
  now?: () => number;
  /** Hears what `routing.shadow` would have decided. */
  onShadow?: ShadowDeps["onDecision"];
  /** Which questions are decided twice; from 0 to 1. */
  random?: () => number;
}

export function createRouter(config: OrchestratorConfig, deps: RouterDeps): Router {
  const now = deps.now ?? Date.now;
  const knowledge = createKnowledge(config, deps.promoted ?? readPromoted(config.routing.promoted_file));
  const calibration =
    deps.calibration === undefined ? readCalibration(config.routing.calibration_file) : deps.calibration;
  const cascade = cascadeOf(config, knowledge, calibration, deps.models, now);
  const shadow = shadowOf(cascade, deps);
  return {
    route: async (input, context) => {
      const started = now();
      const plan = await decide(input, cascade, context);
      const latency_ms = Math.max(0, now() - started);
      shadow?.(input, plan);
      return { ...plan, decision: { ...plan.decision, latency_ms } };
    },
  };
}

function cascadeOf(
  config: OrchestratorConfig,
  knowledge: Knowledge,
  calibration: CalibrationFile | null,
  models: RouterDeps["models"],
  now: () => number,
): Cascade {
  return {
    config,
    knowledge,
    rules: compileRules(config.routing.rules),
    models,
    threshold: calibration === null ? config.routing.threshold : (calibration.threshold ?? NEVER),
    temperature: calibration?.temperature ?? 1,
    readerFor: readersOf(knowledge),
    now,
  };
}

/** Null where nothing is on trial, or nobody listens. */
function shadowOf(live: Cascade, deps: RouterDeps): Shadow | null {
  const { onShadow, random = Math.random } = deps;
  const config = candidateConfig(live.config);
  if (config === null || onShadow === undefined) return null;
  const { promoted_file, calibration_file } = config.routing;
  const knowledge = learnsAnew(live.config)
    ? createKnowledge(config, readPromoted(promoted_file))
    : live.knowledge;
  const calibration = readCalibration(calibration_file);
  const candidate = cascadeOf(config, knowledge, calibration, live.models, live.now);
  return createShadow(candidate, { random, onDecision: onShadow });
}

/** More than any probability. */
const NEVER = 1.01;

/** One reader per set of allowed backends; there are few. */
function readersOf(knowledge: Cascade["knowledge"]): (allowed: readonly string[]) => Reader {
  const readers = new Map<string, Reader>();
  return (allowed) => {
    const key = allowed.join(" ");
    const reader = readers.get(key) ?? createReader(knowledge, allowed);
    readers.set(key, reader);
    return reader;
  };
}

/** What the local tiers decide alone about a question out of context, for evaluations; no model is asked. */
export function createLocalDecision(
  config: OrchestratorConfig,
  promoted?: readonly Promoted[],
): (question: string, more?: Partial<RouteInput>) => Promise<Plan> {
  const router = createRouter(config, { models: { router: null, planner: null }, promoted });
  const allowed = config.backends.filter((backend) => backend.enabled).map((backend) => backend.name);
  const context: RouteContext = {
    signal: new AbortController().signal,
    deadline: Number.MAX_SAFE_INTEGER,
    onUsage: () => undefined,
  };
  return (question, more) =>
    router.route({ question, history: [], summary: "", previous: null, allowed, ...more }, context);
}
