/** The OpenAPI document, generated from the route table and the schemas that validate. */
import { z } from "zod";
import { REQUEST_ERROR_STATUS } from "./errors.ts";
import type { Route } from "./routes/route.ts";

const ErrorBody = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.enum(Object.keys(REQUEST_ERROR_STATUS) as [string, ...string[]]),
  }),
});

export function openApiDocument(routes: readonly Route[], info: { title: string; description: string }) {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    for (const path of route.paths) {
      (paths[path.replaceAll(/:(\w+)/g, "{$1}")] ??= {})[route.method] = operation(route, path);
    }
  }
  return {
    openapi: "3.1.0",
    info: { title: info.title, description: info.description, version: "1" },
    paths,
    components: { schemas: { Error: jsonSchema("Error", ErrorBody), ...bodySchemas(routes) } },
  };
}

function operation(route: Route, path: string) {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => parameter("path", name ?? "", true, ""));
  const inQuery = Object.entries(route.query ?? {}).map(([name, text]) =>
    parameter("query", name, false, text),
  );
  return {
    operationId: operationId(route.method, path),
    summary: route.summary,
    parameters: [...inPath, ...inQuery],
    ...(route.body === undefined ? {} : { requestBody: requestBody(route.body.name) }),
    responses: {
      200: { description: "Success", content: Object.fromEntries(route.produces.map((type) => [type, {}])) },
      default: {
        description: "Failure",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    },
  };
}

function requestBody(name: string) {
  return {
    required: true,
    content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
  };
}

function bodySchemas(routes: readonly Route[]): Record<string, object> {
  const bodies = routes.flatMap(({ body }) =>
    body === undefined ? [] : [[body.name, body.schema] as const],
  );
  return Object.fromEntries([...new Map(bodies)].map(([name, schema]) => [name, jsonSchema(name, schema)]));
}

function operationId(method: string, path: string): string {
  return [method, ...path.split("/").map((part) => part.replaceAll(/\W/g, ""))]
    .filter((p) => p !== "")
    .join("_");
}

function parameter(where: "path" | "query", name: string, required: boolean, description: string) {
  return { in: where, name, required, description, schema: { type: "string" } };
}

/** Definitions stay inside their schema; their references count from the root of the whole document. */
function jsonSchema(name: string, schema: z.ZodType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const text = JSON.stringify(rest).replaceAll('"#/$defs/', `"#/components/schemas/${name}/$defs/`);
  return JSON.parse(text) as object;
}
