/** What is said when the sandbox cannot start, and when it breaks down later. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { startSandboxProcess } from "../../server/sandbox-process.ts";

let taken: Server | null = null;

afterEach(() => void taken?.close());

it("says which variable to change when its port is taken", async () => {
  taken = createServer();
  await new Promise<void>((resolve) => taken?.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  await expect(startSandboxProcess({ ...process.env, SANDBOX_PORT: String(port) })).rejects.toThrow(
    `The sandbox ended with code 1 before it was ready. Port ${port} is taken. ` +
      "Set SANDBOX_PORT to another one, or leave it out for any free port.\n",
  );
});

it("tells a sandbox that broke down from one that was told to end", async () => {
  const told = await startSandboxProcess({ ...process.env });
  const broken = await startSandboxProcess({ ...process.env });
  process.kill(broken.pid, "SIGKILL");
  expect(await broken.lost).toBe("The sandbox ended by itself (SIGKILL).");
  await told.close();
  expect(await Promise.race([told.lost, Promise.resolve("nothing said")])).toBe("nothing said");
});
