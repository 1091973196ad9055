/** The sandbox workspace as a program: prints one line of JSON when it is ready. */
import { createCompany } from "./company/company.ts";
import { startSandbox } from "./server.ts";

const HELP = `npm run sandbox

Starts the sandbox workspace alone and prints its address; SANDBOX_URL=<address> npm start uses it.

  SANDBOX_PORT, SANDBOX_APP_PORT   ports of the workspace and of its app; any free ones by default
  SANDBOX_MODEL_URL                an OpenAI-compatible server that answers chat completions
  SANDBOX_CACHE_DIR                folder for the generated company
`;

const { env } = process;
const words = process.argv.slice(2);
if (words.length > 0) {
  const asked = words.some((word) => word === "--help" || word === "-h");
  console.log(asked ? HELP : `The sandbox takes no arguments: ${words.join(" ")}.\n\n${HELP}`);
  process.exit(asked ? 0 : 1);
}
const port = portOf("SANDBOX_PORT", env["SANDBOX_PORT"]);
const appPort = portOf("SANDBOX_APP_PORT", env["SANDBOX_APP_PORT"]);
const company = await createCompany(env["SANDBOX_CACHE_DIR"] ? { cacheDir: env["SANDBOX_CACHE_DIR"] } : {});
const sandbox = await startSandbox({
  company,
  port,
  appPort,
  ...(env["SANDBOX_MODEL_URL"] ? { modelUrl: env["SANDBOX_MODEL_URL"] } : {}),
}).catch(refuse);

function portOf(name: string, given = "0"): number {
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  console.error(`${name} is ${given}. Set it to a whole number from 0 to 65535, or leave it out.`);
  return process.exit(1);
}

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
