/** A real PostgreSQL of our own for tests: a fresh cluster on a free loopback port, gone afterwards. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

export interface PostgresServer {
  /** `postgres://…` of the superuser, TLS off. */
  url: string;
  /** File of the certificate that the server shows when it was started with TLS; signed by itself. */
  certificate: string;
  password: string;
  port: number;
  /** Cuts every connection and refuses new ones, like a crash. */
  crash(): Promise<void>;
  /** Starts again on the same port and files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Where `initdb` and `postgres` are, or null: then tests skip. */
export function findPostgres(): string | null {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions.map((version) => join(debian, version, "bin")),
  ];
  return (
    folders.find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres"))) ??
    null
  );
}

/** For `describe.skipIf`: says once why PostgreSQL is not tested. */
export function withoutPostgres(): boolean {
  if (findPostgres() !== null && osUser() !== null) return false;
  console.warn(
    "Skipped: PostgreSQL's initdb and postgres were found neither in PATH nor in /usr/lib/postgresql.",
  );
  return true;
}

/** `tls` needs `openssl` in PATH. */
export async function startPostgres(options: { tls?: boolean } = {}): Promise<PostgresServer> {
  const bin = findPostgres();
  const user = osUser();
  if (bin === null || user === null) throw new Error("PostgreSQL is not installed.");
  const folder = mkdtempSync(join(tmpdir(), "orchestrator-postgres-"));
  const data = join(folder, "data");
  const password = "not-a-secret";
  mkdirSync(data);
  writeFileSync(join(folder, "password"), password);
  for (const path of [folder, data, join(folder, "password")]) chownSync(path, user.uid, user.gid);
  execFileSync(
    join(bin, "initdb"),
    [
      "-D",
      data,
      "-U",
      "tester",
      "--auth=scram-sha-256",
      `--pwfile=${join(folder, "password")}`,
      "-N",
      "-E",
      "UTF8",
    ],
    { ...user, cwd: folder, stdio: "ignore" },
  );
  const certificate = join(folder, "server.crt");
  const tls = options.tls === true ? makeCertificate(folder, certificate, user) : [];
  const port = await freePort();
  const url = `postgres://tester:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
  const start = async () => {
    const child = spawn(
      join(bin, "postgres"),
      ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-F", "-k", "", ...tls],
      {
        ...user,
        cwd: folder,
        stdio: "ignore",
      },
    );
    // A test process that ends badly takes its server along.
    const quit = () => void child.kill("SIGQUIT");
    process.once("exit", quit);
    child.once("exit", () => process.off("exit", quit));
    await accepting(url, child);
    return child;
  };
  let child = await start();
  return {
    url,
    password,
    port,
    certificate,
    crash: () => end(child, "SIGQUIT"),
    restart: async () => {
      child = await start();
    },
    stop: async () => {
      await end(child, "SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server's settings for it. */
function makeCertificate(folder: string, file: string, user: { uid: number; gid: number }): string[] {
  const key = join(folder, "server.key");
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  const args = [
    "req",
    "-x509",
    "-newkey",
    "ed25519",
    "-nodes",
    "-days",
    "2",
    ...subject,
    "-keyout",
    key,
    "-out",
    file,
  ];
  execFileSync("openssl", args, { stdio: "ignore" });
  for (const path of [key, file]) chownSync(path, user.uid, user.gid);
  return ["-c", "ssl=on", "-c", `ssl_cert_file=${file}`, "-c", `ssl_key_file=${key}`];
}

/** PostgreSQL refuses to run as root: then Debian's own user runs it. */
function osUser(): { uid: number; gid: number } | null {
  const uid = process.getuid?.() ?? -1;
  if (uid !== 0) return uid < 0 ? null : { uid, gid: process.getgid?.() ?? -1 };
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, "postgres"], { stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

async function accepting(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`postgres ended with exit code ${child.exitCode}.`);
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error("postgres did not accept connections.");
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}
