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
}).catch(refuse);

/** A taken port is no bug: it gets a sentence instead of a stack. */
function refuse(error: NodeJS.ErrnoException & { port?: number }): never {
  if (error.code !== "EADDRINUSE") throw error;
  const name = error.port === Number(env["SANDBOX_PORT"]) ? "SANDBOX_PORT" : "SANDBOX_APP_PORT";
  console.error(
    `Port ${error.port} is taken. Set ${name} to another one, or leave it out for any free port.`,
  );
  process.exit(1);
}

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
