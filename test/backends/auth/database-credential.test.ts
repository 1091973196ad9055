import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databasePassword } from "../../../backends/auth/database-credential.ts";
import { manualClock } from "../manual-clock.ts";
import { KINDS, openWorkspace, type Workspace } from "../workspace.ts";

const ENDPOINT = "projects/p/branches/main/endpoints/primary";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace([KINDS.docs]);
});
afterAll(() => workspace.stop());

describe("the password of a Lakebase database", () => {
  it("is one credential for all connections that open at once, and another one when it runs out", async () => {
    const clock = manualClock(Date.now());
    const password = databasePassword({ endpoint: ENDPOINT }, { ...workspace.services, clock });
    const asked = await Promise.all(Array.from({ length: 10 }, () => password()));
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]).toMatch(/^pg-/);
    expect(await workspace.calls("postgres")).toHaveLength(1);
    await clock.advance(3_600_000);
    expect(await password()).not.toBe(asked[0]);
    expect(await workspace.calls("postgres")).toHaveLength(2);
  });

  it("is refused for an endpoint that is none", async () => {
    await expect(databasePassword({ endpoint: "nowhere" }, workspace.services)()).rejects.toMatchObject({
      code: "rejected",
    });
  });
});
