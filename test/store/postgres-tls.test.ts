import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";
import { NO_POSTGRES } from "./databases.ts";
import { startPostgres } from "./postgres-server.ts";
import { aTurn } from "./records.ts";

describe.skipIf(NO_POSTGRES || !hasOpenssl())("an encrypted connection", () => {
  it("is made only to a server whose certificate is trusted", async () => {
    const server = await startPostgres({ tls: true });
    try {
      const url = server.url.replace("sslmode=disable", "sslmode=require");
      const open = (address: string) =>
        createStore(PersistenceConfig.parse({ kind: "postgres", url: address }), { env: {} });
      await expect(open(url)).rejects.toMatchObject({
        code: "cannot_open",
        message: expect.stringContaining("set sslrootcert to the authority's file"),
      });
      const store = await open(`${url}&sslrootcert=${server.certificate}`);
      await store.turns.append(aTurn());
      expect(await store.turns.list("user:ada", "thread-1", 1)).toEqual([aTurn()]);
      await store.close();
    } finally {
      await server.stop();
    }
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("Skipped: openssl was not found, so there is no certificate to test with.");
    return false;
  }
}
