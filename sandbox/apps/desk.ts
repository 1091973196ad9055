/** The workspace's apps: what the Apps API says of them, and the one that really runs on its own port. */
import type { RequestListener } from "node:http";
import { listen, type Listening } from "../http/listen.ts";

export interface AppChange {
  state?: "RUNNING" | "STOPPED";
  /** Null: the app has no URL, as before its first deployment. */
  url?: string | null;
  deleted?: boolean;
}

export interface AppDesk {
  /** The body of `GET /api/2.0/apps/{name}`, or null for an unknown app. */
  describe(name: string): Record<string, unknown> | null;
  /** Those that are not deleted. */
  list(): Record<string, unknown>[];
  /** A stopped app refuses connections. An unknown name creates an app that is only described. */
  change(name: string, change: AppChange): Promise<void>;
  url(): string;
  close(): Promise<void>;
}

export const APP_NAME = "retention-agent";

const DESCRIPTION = "Plans what to do about customers who may leave: actions, owners, cost.";

export async function openAppDesk(serve: RequestListener, port: number): Promise<AppDesk> {
  let listening: Listening | null = await listen(serve, port);
  const home = `http://127.0.0.1:${listening.port}`;
  const taken = listening.port;
  const apps = new Map<string, Required<AppChange>>([
    [APP_NAME, { state: "RUNNING", url: home, deleted: false }],
  ]);
  const close = async () => {
    await listening?.close();
    listening = null;
  };
  return {
    describe(name) {
      const app = apps.get(name);
      return app && !app.deleted ? appBody(name, app) : null;
    },
    list: () => [...apps].filter(([, app]) => !app.deleted).map(([name, app]) => appBody(name, app)),
    async change(name, change) {
      const before = apps.get(name) ?? { state: "RUNNING", url: null, deleted: false };
      const app = { ...before, ...change };
      apps.set(name, app);
      if (name !== APP_NAME) return;
      if (app.state === "STOPPED") await close();
      else listening ??= await listen(serve, taken);
    },
    url: () => home,
    close,
  };
}

function appBody(name: string, app: Required<AppChange>): Record<string, unknown> {
  const running = app.state === "RUNNING";
  return {
    name,
    id: "1000",
    description: name === APP_NAME ? DESCRIPTION : "",
    ...(app.url === null ? {} : { url: app.url }),
    app_status: running
      ? { state: "RUNNING", message: "App has status: App is running" }
      : { state: "UNAVAILABLE", message: "App has status: App is unavailable" },
    compute_status: running
      ? { state: "ACTIVE", message: "App compute is active." }
      : { state: "STOPPED", message: "App compute is stopped." },
    service_principal_client_id: "0c1f2a34-5b6c-4d7e-8f90-a1b2c3d4e5f6",
    service_principal_id: 1,
    service_principal_name: `app-${name}`,
    effective_user_api_scopes: ["iam.current-user:read"],
    user_api_scopes: [],
    compute_size: "MEDIUM",
    resources: [],
  };
}
