import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { checkStream } from "../server/stream-checker.ts";
import { backgroundClient } from "./background-client.ts";
import { startStack, textOf } from "./stack.ts";

const disk = join(mkdtempSync(join(tmpdir(), "orchestrator-disk-")), "small");
mkdirSync(disk);
const mounted = mountSmallDisk();
afterAll(() => {
  // Lazily: libsql lets go of its file when the process ends.
  if (mounted) execFileSync("umount", ["-l", disk]);
  rmSync(disk, { recursive: true, force: true });
});

const FIRST = {
  input: "What was the MRR of enterprise customers last month?",
  custom_inputs: { thread_id: "t" },
};
const FOLLOW_UP = { input: "And by region?", custom_inputs: { thread_id: "t" } };
const ACCEPTED = { input: "What does the refund policy say?", custom_inputs: { thread_id: "accepted" } };

it.skipIf(!mounted)(
  "refuses requests while its disk is full, loses nothing, and goes on when there is space",
  async () => {
    const stack = await startStack({ ORCHESTRATOR_DB: join(disk, "orchestrator.db") });
    const first = await stack.ask(FIRST);
    await stack.admin("faults", { endpoint: "ka", fault: { kind: "latency", ms: 1_000 } });
    const accepted = backgroundClient(ACCEPTED);
    let told = accepted.follow(stack.url);
    while (accepted.id === null) await sleep(5);
    fill();

    const refused = await stack.ask(FOLLOW_UP);
    expect([refused.status, refused.body.error?.code]).toEqual([503, "unavailable"]);
    const background = await stack.ask({ ...FOLLOW_UP, background: true });
    expect([background.status, background.body.error?.code]).toEqual([503, "unavailable"]);
    const kept = await fetch(`${stack.url}/responses/${first.body.id}`);
    expect(await kept.json()).toMatchObject({ id: first.body.id, status: "completed" });
    // The accepted run ends on a full disk, and is given back.
    await sleep(2_000);

    rmSync(join(disk, "filler"));
    while (!(await told)) told = accepted.follow(stack.url);
    expect(checkStream(accepted.received).response.status).toBe("completed");
    const { status, body } = await stack.ask(FOLLOW_UP);
    expect(status).toBe(200);
    for (const part of ["EMEA", "AMER", "APAC"]) expect(textOf(body)).toContain(part);
    await stack.close();
  },
  60_000,
);

function mountSmallDisk(): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("Skipped: a small disk can be made by root alone (mount -t tmpfs).");
    return false;
  }
}

function fill(): void {
  const file = openSync(join(disk, "filler"), "w");
  try {
    for (;;) writeSync(file, Buffer.alloc(1_024));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
}
