/** The arms: those that need no model, and those of one model or two. The first of each list is ours. */
import type { Arm } from "./arm.ts";
import { fanOutPlan, oraclePlan } from "./given-plans.ts";
import { modelAloneArm } from "./model-alone.ts";
import { modelSettings, type ModelChoice } from "./model-choice.ts";
import { servedArm } from "./served-arm.ts";
import { singleAgentArm } from "./single-agent-arm.ts";

export const ARMS_WITHOUT_MODEL: readonly Arm[] = [
  servedArm({ name: "graph", what: "our graph, routed locally", settings: {} }),
  servedArm({
    name: "fan-out",
    what: "every backend gets the whole question",
    settings: {},
    plan: fanOutPlan,
  }),
  servedArm({
    name: "oracle",
    what: "the labelled backends in the labelled order, each with the whole question",
    settings: {},
    plan: oraclePlan,
  }),
];

export function armsWithModel(choice: ModelChoice): Arm[] {
  const writes = { models: modelSettings(choice, { synthesizer: "large" }) };
  const mixed = {
    models: modelSettings(choice, { router: "small", planner: "large", synthesizer: "large" }),
  };
  const one = { models: modelSettings(choice, { router: "large", planner: "large", synthesizer: "large" }) };
  const planned = {
    models: modelSettings(choice, { planner: "large", synthesizer: "large" }),
    routing: { tiers: { local: false } },
  };
  const oneModel = servedArm({
    name: "one-model",
    what: "our graph, the large model for every decision",
    settings: one,
  });
  return [
    servedArm({
      name: "graph",
      what: "our graph: local router, then small and large model; the large one writes",
      settings: mixed,
    }),
    modelAloneArm(choice),
    singleAgentArm(choice),
    servedArm({
      name: "fan-out",
      what: "every backend gets the whole question; the model writes",
      settings: writes,
      plan: fanOutPlan,
    }),
    servedArm({
      name: "local-router",
      what: "our graph, routed locally alone; the model writes",
      settings: writes,
    }),
    servedArm({
      name: "model-planner",
      what: "our graph, every plan made by the large model, which also writes",
      settings: planned,
    }),
    servedArm({
      name: "oracle",
      what: "the labelled backends in the labelled order; the model writes",
      settings: writes,
      plan: oraclePlan,
    }),
    ...(choice.small === null ? [] : [oneModel]),
  ];
}
