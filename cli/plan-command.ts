/** `orchestrator plan`: what would be asked of whom, without asking it. */
import { defineCommand } from "citty";
import { createBackends } from "../backends/registry.ts";
import { createRouter } from "../routing/create-router.ts";
import type { Plan } from "../routing/plan.ts";
import { planText } from "./plan-text.ts";
import type { Shell } from "./shell.ts";
import { withConfig } from "./with-config.ts";
import type { Configured } from "./with-config.ts";

export function planCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "plan", description: "Show the plan for a question without running it." },
    args: {
      question: { type: "positional", required: true, description: "The question." },
      json: { type: "boolean", default: false, description: "Print the plan as JSON." },
    },
    run: ({ args: { question, json } }) =>
      withConfig(shell, { sandbox: false }, async (given) => {
        const plan = await makePlan(given, question);
        shell.terminal.out(`${json ? JSON.stringify(plan, null, 2) : planText(plan)}\n`);
        return 0;
      }),
  });
}

async function makePlan({ config, env }: Configured, question: string): Promise<Plan> {
  const backends = createBackends(config, { env });
  try {
    const router = createRouter(config, { models: backends.models, now: Date.now });
    const input = {
      question,
      history: [],
      summary: "",
      previous: null,
      allowed: [...backends.backends.keys()],
    };
    const deadline = Date.now() + config.budgets.deadline_ms;
    return await router.route(input, {
      signal: AbortSignal.timeout(config.budgets.deadline_ms),
      deadline,
      onUsage: () => undefined,
    });
  } finally {
    await backends.close();
  }
}
