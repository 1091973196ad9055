/** A collector that is dead, never answers or fails: requests go on, queues stay bounded, drops are counted, the end comes. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { trace } from "@opentelemetry/api";
import { afterEach, expect, it } from "vitest";
import { startStack } from "../e2e/stack.ts";
import { overlay } from "./overlay.ts";

let collector: Server | null = null;
afterEach(() => {
  collector?.closeAllConnections();
  collector?.close();
  collector = null;
});

type Trouble = "dead" | "slow" | "failing";

/** Address of a collector with this trouble. A slow one takes the connection and the spans, and says nothing. */
async function troubled(trouble: Trouble): Promise<string> {
  const server = createServer((req, res) => {
    req.resume();
    if (trouble === "failing") res.writeHead(500).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  if (trouble === "dead") {
    server.close();
    await once(server, "close");
  } else collector = server;
  return `http://127.0.0.1:${port}/v1/traces`;
}

const QUEUE = 4_096;
const BATCH = 256;
const MANY = 6_000;

it.each<Trouble>(["dead", "slow", "failing"])(
  "a %s collector costs spans, not answers",
  async (trouble) => {
    const stack = await startStack(overlay({ tracing: { otlp: { url: await troubled(trouble) } } }));
    const counts = async () => {
      const text = await (await fetch(`${stack.url}/metrics`)).text();
      const lines = [
        ...text.matchAll(/orchestrator_export_spans\{destination="otlp",outcome="(\w+)"\} (\d+)/g),
      ];
      return Object.fromEntries(lines.map(([, outcome, count]) => [outcome, Number(count)]));
    };
    const question = "@policy_assistant What does the retention playbook say about low usage?";
    const first = await stack.ask({ input: question });
    expect((await fetch(`${stack.url}/traces/${first.body.id}`)).status).toBe(200);

    // More at once than the queue holds: at most one batch is under way, the rest wait or are dropped.
    const tracer = trace.getTracer("test");
    for (let n = 0; n < MANY; n += 1) tracer.startSpan("flood").end();
    const { exported, queued = 0, dropped } = await counts();
    expect(exported).toBe(0);
    expect(queued).toBeLessThanOrEqual(QUEUE);
    expect(dropped).toBeGreaterThanOrEqual(MANY - QUEUE - BATCH);
    const { status, body } = await stack.ask({ input: question });
    expect([status, body.status]).toEqual([200, "completed"]);

    // Ends although spans wait for a collector that takes none.
    await stack.close();
  },
  30_000,
);
