/** `orchestrator doctor`: configuration, token, database and every backend, each with the fix. */
import { defineCommand } from "citty";
import { createBackends } from "../../backends/registry.ts";
import type { Shell } from "../shell.ts";
import { paint } from "../terminal.ts";
import { withConfig } from "../with-config.ts";
import type { Configured } from "../with-config.ts";
import { checkBackends, checkStore, checkToken } from "./checks.ts";
import type { Check } from "./checks.ts";

export function doctorCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "doctor", description: "Check configuration, token, database and every backend." },
    run: () =>
      withConfig(shell, { sandbox: true }, async (given) => {
        const checks = await allChecks(given);
        for (const check of checks) shell.terminal.out(`${line(check, shell)}\n`);
        return checks.every((check) => check.ok) ? 0 : 1;
      }),
  });
}

async function allChecks({ config, env, files, mode }: Configured): Promise<Check[]> {
  const backends = createBackends(config, { env });
  try {
    const message = `${files.map((file) => file.path).join(", ")} holds (${mode})`;
    return [
      { name: "configuration", ok: true, message },
      await checkToken(backends),
      await checkStore(config, env),
      ...(await checkBackends(backends)),
    ];
  } finally {
    await backends.close();
  }
}

function line({ name, ok, message }: Check, { terminal }: Shell): string {
  const mark = ok ? paint(terminal, "green", "ok  ") : paint(terminal, "red", "FAIL");
  return `${mark}  ${name.padEnd(36)}  ${message}`;
}
