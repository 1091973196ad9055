/** The command line of `orchestrator ask`. */
import { defineCommand } from "citty";
import type { Shell } from "../shell.ts";
import { ask } from "./ask.ts";

export function askCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "ask", description: "Ask a running server, with steps and citations." },
    args: {
      question: { type: "positional", required: true, description: "The question." },
      url: {
        type: "string",
        default: `http://127.0.0.1:${shell.env.PORT ?? 8000}`,
        description: "Address of the server.",
      },
      previous: { type: "string", description: "Id of the response to go on from." },
      json: { type: "boolean", default: false, description: "Print the whole response object." },
    },
    run: async ({ args: { question, url, previous, json } }) => {
      const token = shell.env.ORCHESTRATOR_TOKEN;
      shell.exit(await ask({ url, question, previous, json, token }, shell.terminal));
    },
  });
}
