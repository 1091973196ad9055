/** Lists what a workspace could be asked: apps, Genie spaces and serving endpoints (contracts sections 2 to 4). */
import { z } from "zod";
import { BackendError, type BackendErrorCode } from "../../backends/errors.ts";
import { openScope } from "../../backends/http/scope.ts";
import { fault } from "../../backends/fault.ts";
import type { Services } from "../../backends/services.ts";
import { PolicyConfig } from "../../config/schema.ts";

const Apps = z.object({
  apps: z.array(z.object({ name: z.string(), description: z.string().nullish() })).default([]),
  next_page_token: z.string().nullish(),
});
const Spaces = z.object({
  spaces: z
    .array(z.object({ space_id: z.string(), title: z.string(), description: z.string().nullish() }))
    .default([]),
  next_page_token: z.string().nullish(),
});
const Endpoints = z.object({
  endpoints: z
    .array(
      z.object({
        name: z.string(),
        task: z.string().nullish(),
        description: z.string().nullish(),
        tile_endpoint_metadata: z.object({ problem_type: z.string() }).nullish(),
      }),
    )
    .default([]),
});

export interface WorkspaceContents {
  apps: z.infer<typeof Apps>["apps"];
  spaces: z.infer<typeof Spaces>["spaces"];
  endpoints: z.infer<typeof Endpoints>["endpoints"];
  /** What could not be listed, and why. */
  failures: string[];
}

/** No list has a `kind` or `target` that a person could mend. */
const REASONS: Partial<Record<BackendErrorCode, string>> = {
  unauthorized: "the workspace did not accept the credentials.",
  forbidden: "this identity may not list them.",
  not_found: "the workspace does not offer this list; check DATABRICKS_HOST.",
  malformed: "the answer is not one of a Databricks workspace; check DATABRICKS_HOST.",
  rejected: "the workspace refused the request; check DATABRICKS_HOST.",
};

const TIMEOUT_MS = 60_000;
const MOST_PAGES = 50;

export async function listWorkspace(services: Services, signal: AbortSignal): Promise<WorkspaceContents> {
  const get = getter(services, signal);
  const failures: string[] = [];
  const list = async <T>(what: string, pages: () => Promise<T[]>): Promise<T[]> => {
    try {
      return await pages();
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      failures.push(`${what}: ${REASONS[error.code] ?? error.message}`);
      return [];
    }
  };
  const [apps, spaces, endpoints] = await Promise.all([
    list("apps", () => allPages(get, "/api/2.0/apps", Apps, (page) => page.apps)),
    list("Genie spaces", () => allPages(get, "/api/2.0/genie/spaces", Spaces, (page) => page.spaces)),
    list("serving endpoints", async () => {
      const page = read(Endpoints, await get("/api/2.0/serving-endpoints"));
      return page.endpoints;
    }),
  ]);
  return { apps, spaces, endpoints, failures };
}

type Get = (path: string) => Promise<unknown>;

function getter(services: Services, signal: AbortSignal): Get {
  const channel = services.channel("workspace", PolicyConfig.parse({}));
  return async (path) => {
    const timedOut = () => fault("timeout", { backend: "workspace" });
    const scope = openScope(
      { signal, deadline: Infinity, timeout_ms: TIMEOUT_MS, identity: services.credentials.app, timedOut },
      services.clock,
    );
    try {
      const request = { operation: "discover", method: "GET" as const, url: `${services.host}${path}` };
      return await channel.call(scope, request, (reply) => reply.json());
    } finally {
      scope.end();
    }
  };
}

async function allPages<P extends { next_page_token?: string | null }, T>(
  get: Get,
  path: string,
  schema: z.ZodType<P>,
  items: (page: P) => T[],
): Promise<T[]> {
  const found: T[] = [];
  let token: string | null = null;
  for (let i = 0; i < MOST_PAGES; i++) {
    const query = token === null ? "" : `&page_token=${encodeURIComponent(token)}`;
    const page: P = read(schema, await get(`${path}?page_size=100${query}`));
    found.push(...items(page));
    token = page.next_page_token ?? null;
    if (token === null || token === "") break;
  }
  return found;
}

function read<P>(schema: z.ZodType<P>, body: unknown): P {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw fault("malformed", { backend: "workspace" });
}
