/** The ways of tracing that are compared, each as configuration and environment of one server. */

export interface Variant {
  name: string;
  /** `tracing` of the configuration. */
  tracing: object;
  env: Record<string, string>;
}

export interface Collectors {
  ok: string;
  slow: string;
  failing: string;
}

/** The first one is what the others are measured against. */
export function variants({ ok, slow, failing }: Collectors): Variant[] {
  const full = (url: string) => ({ capture: "full", otlp: { url: `${url}/v1/traces` } });
  const none = { capture: "off", local: { enabled: false } };
  return [
    { name: "off", tracing: none, env: {} },
    { name: "off again", tracing: none, env: {} },
    { name: "full, local and OTLP", tracing: full(ok), env: {} },
    { name: "exporter dead", tracing: full("http://127.0.0.1:9"), env: {} },
    { name: "exporter slow", tracing: full(slow), env: {} },
    { name: "exporter failing", tracing: full(failing), env: {} },
    {
      name: "LangSmith alone",
      tracing: { ...none, capture: "full", langsmith: true },
      env: { LANGSMITH_ENDPOINT: ok, LANGSMITH_API_KEY: "bench" },
    },
  ];
}
