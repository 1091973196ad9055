/** Puts the route table on the app, with 405 for known paths and other methods. */
import type { Express, RequestHandler } from "express";
import { abortOnClose } from "./client-gone.ts";
import { RequestError } from "./errors.ts";
import type { Services } from "./exchange.ts";
import { parseJson } from "./json-body.ts";
import { serveObserved } from "./observed-request.ts";
import { requestIdOf } from "./request-id.ts";
import type { Route } from "./routes/route.ts";

/** Methods whose body is read. */
const WITH_BODY: ReadonlySet<Route["method"]> = new Set(["post", "put", "patch"]);

const NOBODY = { subject: "anonymous" };

/** `body` buffers the request's body; it runs after the caller is known, so that strangers send us nothing big. */
export function mountRoutes(
  app: Express,
  routes: readonly Route[],
  services: Services,
  body: readonly RequestHandler[],
): void {
  for (const route of routes) {
    const known = route.open === true ? [] : [identified(services)];
    for (const path of route.paths) {
      app[route.method](
        path,
        ...known,
        ...(WITH_BODY.has(route.method) ? body : []),
        handler(route, path, services),
      );
    }
  }
  for (const path of new Set(routes.flatMap((route) => route.paths))) {
    app.all(path, otherMethod(methodsOf(routes, path)));
  }
}

function identified(services: Services): RequestHandler {
  return async (req, res, next) => {
    const caller = (await services.identify?.(req)) ?? NOBODY;
    res.locals.caller = caller;
    services.background.wake(caller);
    next();
  };
}

function handler(route: Route, path: string, services: Services): RequestHandler {
  return async (req, res) => {
    const request_id = requestIdOf(res);
    let parsed: { value: unknown } | undefined;
    await serveObserved(route, path, {
      req,
      res,
      services,
      caller: (res.locals.caller as { subject: string } | undefined) ?? NOBODY,
      request_id,
      log: services.logger.child({ request_id }),
      signal: abortOnClose(res),
      json: () => (parsed ??= { value: parseJson(req.body) }).value,
    });
  };
}

function methodsOf(routes: readonly Route[], path: string): string {
  const methods = routes
    .filter((route) => route.paths.includes(path))
    .map((route) => route.method.toUpperCase());
  return [
    ...(methods.includes("GET") ? ["GET", "HEAD"] : []),
    ...methods.filter((m) => m !== "GET"),
    "OPTIONS",
  ].join(", ");
}

function otherMethod(allow: string): RequestHandler {
  return (req, res) => {
    if (req.method === "OPTIONS") {
      res.status(204).set("allow", allow).end();
      return;
    }
    throw new RequestError("method_not_allowed", "This path does not take that method.", {
      headers: { allow },
    });
  };
}
