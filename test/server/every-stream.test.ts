import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { takeViolations } from "./every-stream.ts";

const EVENT = (n: number) => `event: error\ndata: {"type":"error","sequence_number":${n}}\n\n`;

async function sent(path: string, frames: string, buffering = "no"): Promise<string[]> {
  const server = createServer((_request, response) => {
    response.setHeader("x-accel-buffering", buffering);
    response.write(frames);
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  server.close();
  await once(server, "close");
  return takeViolations();
}

describe("the watch over every stream of the tests", () => {
  it("finds a whole stream that is wrong", async () => {
    const found = await sent("/v1/responses", `${EVENT(0)}data: [DONE]\n\n`);
    expect(found).toEqual(["GET /v1/responses: Error: stream: the first event is response.created"]);
  });

  it("finds a gap in a stream that broke off", async () => {
    const found = await sent("/responses/resp_1?starting_after=4", EVENT(5) + EVENT(7));
    expect(found).toEqual(["GET /responses/resp_1?starting_after=4: Error: stream: sequence_number 7 at 6"]);
  });

  it("takes a stream that broke off inside a frame, and leaves those of others alone", async () => {
    expect(await sent("/invocations", `${EVENT(0)}event: err`)).toEqual([]);
    expect(await sent("/invocations", "data: {}\n\n", "yes")).toEqual([]);
  });
});
