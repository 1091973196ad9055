/** The sandbox workspace as a program: prints one line of JSON when it is ready. */
import { createCompany } from "./company/company.ts";
import { startSandbox } from "./server.ts";

const { env } = process;
const company = await createCompany(env["SANDBOX_CACHE_DIR"] ? { cacheDir: env["SANDBOX_CACHE_DIR"] } : {});
const sandbox = await startSandbox({
  company,
  port: Number(env["SANDBOX_PORT"] ?? 0),
  appPort: Number(env["SANDBOX_APP_PORT"] ?? 0),
  ...(env["SANDBOX_MODEL_URL"] ? { modelUrl: env["SANDBOX_MODEL_URL"] } : {}),
});

let closing = false;
const stop = async () => {
  if (closing) return;
  closing = true;
  await sandbox.close();
  await company.close();
  process.exit(0);
};
process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());
if (env["SANDBOX_PARENT"] === "1") process.stdin.on("close", () => void stop()).resume();

console.log(JSON.stringify({ sandbox: "ready", url: sandbox.url, app_url: sandbox.appUrl }));
