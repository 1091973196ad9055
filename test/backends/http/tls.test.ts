import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createChannel } from "../../../backends/http/channel.ts";
import { createConnectionPool } from "../../../backends/http/pool.ts";
import { openScope } from "../../../backends/http/scope.ts";
import { systemClock } from "../../../backends/clock.ts";
import { fault } from "../../../backends/fault.ts";
import { PolicyConfig } from "../../../config/schema.ts";
import { trace } from "@opentelemetry/api";
import { failure } from "../workspace.ts";
import { selfSigned } from "./self-signed.ts";

let server: Server;
let url = "";
let seen = 0;

beforeAll(async () => {
  server = createServer(selfSigned(), (_req, res) => {
    seen += 1;
    res.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(async () => {
  delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it("a certificate that cannot be verified ends the call before anything is sent, whatever the environment says", async () => {
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  const pool = createConnectionPool();
  const channel = createChannel("orders", PolicyConfig.parse({ retries: 0 }), {
    pool,
    clock: systemClock,
    random: () => 0,
    tracer: trace.getTracer("test"),
  });
  const timedOut = () => fault("timeout", { backend: "orders" });
  const { signal } = new AbortController();
  const scope = openScope(
    { signal, deadline: Infinity, timeout_ms: 5_000, identity: null, timedOut },
    systemClock,
  );
  const error = await failure(
    channel.call(scope, { operation: "t", method: "GET", url }, (reply) => reply.json()),
  );
  scope.end();
  await pool.close();
  expect(error.code).toBe("connect_failed");
  expect(error.message).toBe("orders could not be reached: its TLS certificate could not be verified.");
  expect(seen).toBe(0);
});
