/** Database credentials of Lakebase (contracts section 9). */
import { randomBytes } from "node:crypto";
import { Router } from "express";
import { badRequest } from "../http/errors.ts";
import { gate } from "../http/gate.ts";
import type { SandboxState } from "../state.ts";

export function postgresRoutes(state: SandboxState): Router {
  const router = Router();
  router.post(
    "/api/2.0/postgres/credentials",
    gate(state, "postgres", { scopes: ["postgres"] }),
    (req, res) => {
      const endpoint = (req.body as { endpoint?: unknown } | undefined)?.endpoint;
      if (
        typeof endpoint !== "string" ||
        !/^projects\/[^/]+\/branches\/[^/]+\/endpoints\/[^/]+$/.test(endpoint)
      ) {
        throw badRequest(
          "endpoint must look like projects/{project}/branches/{branch}/endpoints/{endpoint}.",
        );
      }
      const expire_time = new Date(Date.now() + state.tokens.lifetime() * 1_000).toISOString();
      res.json({ token: `pg-${randomBytes(16).toString("hex")}`, expire_time });
    },
  );
  return router;
}
