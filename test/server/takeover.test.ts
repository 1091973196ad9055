/** Runs that change hands: what the log of a dead process holds goes on as one valid stream; tokens are waited for. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as fc from "fast-check";
import { pino } from "pino";
import { describe, expect, it, vi } from "vitest";
import type { RunEvent } from "../../nodes/run-context.ts";
import { createApp } from "../../server/app.ts";
import { backgroundRuns, type BackgroundRuns } from "../../server/background/background-runs.ts";
import { eventJson, framesFor } from "../../server/background/logged-frame.ts";
import { ResponseEncoder } from "../../server/responses/encoder.ts";
import { DONE_FRAME, type FrameSink } from "../../server/responses/event-writer.ts";
import { BackendItems } from "../../server/responses/request-schema.ts";
import { openBody } from "../../server/responses/response-body.ts";
import {
  restoreOutput,
  type LoggedWireEvent,
  type RestoredOutput,
} from "../../server/responses/restored-output.ts";
import type { Store } from "../../store/store.ts";
import { KINDS, useDatabase } from "../store/databases.ts";
import { runEvents, turnResults } from "./run-events.arbitrary.ts";
import { playing, scriptedOrchestrator, twoBackendRun, type Script } from "./scripted-orchestrator.ts";
import { checkStream } from "./stream-checker.ts";
import { post, testConfig } from "./test-server.ts";

const RUN_ID = "0123456789abcdef0123456789abcdef";

function encoder(sink: FrameSink, backendItems: BackendItems, restored?: RestoredOutput): ResponseEncoder {
  return new ResponseEncoder({
    runId: RUN_ID,
    backendItems,
    extraEvents: false,
    clock: () => 1_795_247_579_000,
    sink,
    restored,
    body: openBody({
      id: `resp_${RUN_ID}`,
      created_at: 1_795_247_578_000,
      model: "orchestrator",
      store: true,
      thread_key: "t",
      conversation_id: null,
      request: { input: "q", background: true },
    }),
  });
}

function pushAll(to: ResponseEncoder, events: readonly RunEvent[]): void {
  for (const event of events) to.push(event);
}

const styles = fc.constantFrom(...BackendItems.options);
const cut = fc.nat({ max: 25 });

describe("a stream that another process goes on with", () => {
  it("is valid wherever the first one died, and whatever the second one tells again", () => {
    fc.assert(
      fc.property(runEvents, cut, turnResults, styles, (events, at, result, style) => {
        const frames: string[] = [];
        const first = encoder((frame) => frames.push(frame), style);
        first.start();
        pushAll(first, events.slice(0, at));
        const log = frames.map((frame) => JSON.parse(eventJson(frame)) as LoggedWireEvent);
        const second = encoder((frame) => frames.push(frame), style, restoreOutput(log, RUN_ID));
        second.resume();
        pushAll(second, events.slice(Math.max(0, at - 3)));
        second.end(second.finish(result), null);
        const { response } = checkStream(frames.join("") + DONE_FRAME);
        expect(response.id).toBe(`resp_${RUN_ID}`);
      }),
      { numRuns: 300 },
    );
  });

  it("closes the message that was being written and writes the answer again", () => {
    const frames: string[] = [];
    const first = encoder((frame) => frames.push(frame), "none");
    first.start();
    first.push({ type: "text", delta: "half an ans" });
    const log = frames.map((frame) => JSON.parse(eventJson(frame)) as LoggedWireEvent);
    const second = encoder((frame) => frames.push(frame), "none", restoreOutput(log, RUN_ID));
    second.resume();
    second.push({ type: "text", delta: "The answer." });
    const { output } = second.cancel();
    expect(
      output.map((item) => (item.type === "message" ? [item.status, item.content[0]?.text] : [])),
    ).toEqual([
      ["incomplete", "half an ans"],
      ["incomplete", "The answer."],
    ]);
  });

  it("leaves our own events in the log to those who ask for them", () => {
    const logged = 'event: orchestrator.plan\ndata: {"a":1}\n\nevent: error\ndata: {"type":"error"}\n\n';
    expect(framesFor(logged, false)).toBe('event: error\ndata: {"type":"error"}\n\n');
    expect(framesFor(logged, true)).toBe(logged);
    expect(eventJson(logged)).toBe('{"type":"error"}');
  });
});

const USER = { subject: "user:ada", access_token: "secret-token" };

/** Two processes in one: each with an app, background runs and a store of its own, over one database. */
async function process(store: Store, script: Script, identity = "user") {
  const config = testConfig({
    backends: [
      {
        name: "sales_genie",
        kind: "genie",
        target: "space-1",
        description: "Numbers about sales.",
        identity,
      },
    ],
  });
  const orchestrator = scriptedOrchestrator(script, config.backends);
  const deps = {
    config,
    orchestrator,
    store,
    logger: pino({ level: "silent" }),
    clock: Date.now,
    randomId: () => randomBytes(16).toString("hex"),
    identify: async () => USER,
  };
  const background: BackgroundRuns = backgroundRuns(deps);
  const server = createApp({ ...deps, background }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    background,
    orchestrator,
    close: async () => {
      await background.drain();
      server.close();
      server.closeAllConnections();
    },
  };
}

const hanging: Script = (_input, context) =>
  new Promise((_resolve, reject) =>
    context.signal.addEventListener("abort", () => reject(context.signal.reason as Error)),
  );

describe.each(KINDS)("a run that needs its owner's token (%s)", (kind) => {
  const database = useDatabase(kind);

  it("is given back when its process ends, and goes on with the owner's next request", async () => {
    const first = await process(await database.open(), hanging);
    const reply = await post(`${first.url}/responses`, { input: "q", background: true });
    const { id } = (await reply.json()) as { id: string };
    await vi.waitFor(() => expect(first.orchestrator.turns).toHaveLength(1));
    const store = await database.open();
    expect(JSON.stringify(await store.runs.get(USER.subject, id.replace("resp_", "")))).not.toContain(
      "secret",
    );
    await first.close();

    expect(await store.runs.claimable(5)).toEqual([]);
    const second = await process(store, playing(twoBackendRun()));
    const get = async () =>
      (await (await fetch(`${second.url}/responses/${id}`)).json()) as { status: string };
    await vi.waitFor(async () => expect((await get()).status).toBe("completed"), { timeout: 5_000 });
    expect(second.orchestrator.turns[0]?.input.resume).toBe(true);
    expect(second.orchestrator.turns[0]?.context.caller).toEqual(USER);
    checkStream(await (await fetch(`${second.url}/responses/${id}?stream=true`)).text());
    const refused = await post(`${first.url}/responses`, { input: "q" }).catch(() => null);
    expect(refused).toBeNull();
    await second.close();
  });
});

describe.each(KINDS)("a run whose process ends (%s)", (kind) => {
  const database = useDatabase(kind);

  it("is taken by one of two others that look for it at once, and told once", async () => {
    const first = await process(await database.open(), hanging, "app");
    const reply = await post(`${first.url}/responses`, { input: "q", background: true });
    const { id } = (await reply.json()) as { id: string };
    await vi.waitFor(() => expect(first.orchestrator.turns).toHaveLength(1));
    const others = [
      await process(await database.open(), playing(twoBackendRun()), "app"),
      await process(await database.open(), playing(twoBackendRun()), "app"),
    ];
    for (const { background } of others) background.start();
    await first.close();
    await vi.waitFor(() => expect(others.flatMap(({ orchestrator }) => orchestrator.turns)).toHaveLength(1), {
      timeout: 5_000,
    });
    const raw = await (await fetch(`${others[0]?.url}/responses/${id}?stream=true`)).text();
    expect(checkStream(raw).response.status).toBe("completed");
    expect(others.flatMap((other) => other.orchestrator.turns)).toHaveLength(1);
    expect(await (await fetch(`${others[1]?.url}/responses/${id}?stream=true`)).text()).toBe(raw);
    for (const other of others) await other.close();
  });
});
