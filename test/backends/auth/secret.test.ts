import { inspect } from "node:util";
import { expect, it } from "vitest";
import { OrchestratorConfig } from "../../../config/schema.ts";
import { Secret } from "../../../backends/auth/secret.ts";
import { createBackends } from "../../../backends/registry.ts";
import { KINDS } from "../workspace.ts";

it("shows itself in no way but reveal", () => {
  const secret = new Secret("hunter2");
  const shown = [String(secret), JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })];
  expect(shown.join(" ")).not.toContain("hunter2");
  expect(secret.reveal()).toBe("hunter2");
});

it("is nowhere in what the registry hands out, however deeply it is printed", async () => {
  const config = OrchestratorConfig.parse({
    workspace: { host: "127.0.0.1:1", token: "dapi-hunter2" },
    backends: [KINDS.docs],
    models: { router: { base_url: "http://127.0.0.1:1/v1", model: "m", api_key: "sk-hunter2" } },
  });
  const made = createBackends(config);
  const identity = made.credentials.identity(
    "user",
    { subject: "user:a", access_token: "user-hunter2" },
    "docs",
  );
  await identity.token(new AbortController().signal);
  await made.credentials.app.token(new AbortController().signal);
  const { whoami, ...rest } = made;
  const printed = inspect(
    { identity, credentials: rest.credentials, services: rest.services, models: rest.models, whoami },
    { depth: 20, showHidden: true },
  );
  expect(printed).not.toContain("hunter2");
  expect(JSON.stringify({ identity, credentials: rest.credentials })).not.toContain("hunter2");
  await made.close();
});
