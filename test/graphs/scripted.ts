/** Scripted parts for graph tests: backends that answer as told, a router that returns a given plan. */
import type { Backend, BackendAnswer, BackendRequest, CallContext } from "../../backends/backend.ts";
import { BackendConfig } from "../../config/schema.ts";
import type { Plan } from "../../routing/plan.ts";
import type { Router } from "../../routing/router.ts";

export interface ScriptedBackend extends Backend {
  asked: BackendRequest[];
}

type Script = (
  request: BackendRequest,
  call: CallContext,
  nth: number,
) => Partial<BackendAnswer> | Promise<Partial<BackendAnswer>>;

export function scriptedBackend(name: string, script: Script, config: object = {}): ScriptedBackend {
  const asked: BackendRequest[] = [];
  return {
    name,
    config: BackendConfig.parse({
      name,
      kind: "knowledge_assistant",
      target: `${name}-endpoint`,
      description: `Answers for ${name}.`,
      ...config,
    }),
    asked,
    ask: async (request, call) => {
      asked.push(request);
      return { ...EMPTY, ...(await script(request, call, asked.length)) };
    },
    check: async () => ({ ready: true, state: "ok", message: "", breaker: "closed" }),
    close: async () => {},
  };
}

const EMPTY: BackendAnswer = {
  text: "",
  evidence: [],
  suggested_questions: [],
  identity: "app",
  attempts: 1,
  queued_ms: 0,
  payload: null,
  cached: false,
};

export function scriptedRouter(...plans: Plan[]): Router & { inputs: Parameters<Router["route"]>[0][] } {
  const inputs: Parameters<Router["route"]>[0][] = [];
  return {
    inputs,
    route: async (input) => {
      inputs.push(input);
      const plan = plans[Math.min(inputs.length, plans.length) - 1];
      if (plan === undefined) throw new Error("The script holds no plan.");
      return plan;
    },
  };
}
