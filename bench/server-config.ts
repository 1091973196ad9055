/** The configuration of our server for a job, as the text of a file. YAML takes JSON. */

/** `models`: a model routes, a backend is asked, a model writes. `local`: no model, one backend call. */
export type Job = "models" | "local";

export function serverConfig(job: Job, upstream: string, folder: string): string {
  const model = (name: string) => ({ base_url: `${upstream}/v1`, model: name });
  return JSON.stringify({
    name: "bench",
    workspace: { host: upstream, token: "bench" },
    backends: [
      {
        name: "records",
        kind: "serving_endpoint",
        target: "records",
        task: "agent/v2/responses",
        description: "What is in the records, by number.",
        examples: ["What is in the records?", "What is in the records, number 7?"],
      },
    ],
    ...(job === "models" ? { models: { router: model("router"), synthesizer: model("writer") } } : {}),
    routing: {
      tiers: { rules: false, local: job === "local", small: job === "models", large: false },
      verify: "note",
    },
    persistence: { kind: "sqlite", path: `${folder}/bench.db` },
  });
}
