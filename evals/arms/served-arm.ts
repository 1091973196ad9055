/** An arm that is our server: its own settings, and a given plan or the router's. */
import type { Plan } from "../../routing/plan.ts";
import { askCase } from "../ask.ts";
import type { Case } from "../case.ts";
import type { Arm } from "./arm.ts";

export interface Served {
  name: string;
  what: string;
  /** Laid over the configuration. */
  settings: object;
  /** Null leaves the decision to the router. */
  plan?: (question: Case, backends: readonly string[]) => Plan | null;
}

export function servedArm({ name, what, settings, plan = () => null }: Served): Arm {
  return {
    name,
    what,
    start: async (ground) => {
      const { backends, timeout_ms } = ground;
      const url = await ground.serve(settings);
      return {
        ask: (question) => askCase(question, { url, timeout_ms, plan: plan(question, backends) }),
        close: async () => {},
      };
    },
  };
}
