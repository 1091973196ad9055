/** What every call passes before its handler: the call log, the switched-on faults, then authentication. */
import type { Request, RequestHandler, Response } from "express";
import { authorize, type Identity } from "../identity/tokens.ts";
import type { SandboxState } from "../state.ts";
import type { Call } from "./calls.ts";
import type { EndpointName } from "./endpoint-name.ts";
import { TRANSPORT_KINDS } from "./faults.ts";
import { strike } from "./strike.ts";

export interface GateOptions {
  /** User tokens that carry scopes need one of these. */
  scopes?: string[];
  /** Let callers in whoever they are. */
  open?: boolean;
}

/** Puts the caller and the logged call where `callerOf` and `callOf` find them. */
export function gate(
  state: SandboxState,
  endpoint: EndpointName | ((req: Request) => EndpointName),
  options: GateOptions = {},
): RequestHandler {
  return async (req, res, next) => {
    const name = typeof endpoint === "function" ? endpoint(req) : endpoint;
    const known = state.tokens.identify(req.get("authorization"));
    res.locals["caller"] = known;
    res.locals["call"] = state.calls.record(name, req, res, typeof known === "string" ? null : known);
    const fault = state.faults.take(name, req, TRANSPORT_KINDS);
    if (fault && (await strike(fault, req, res, state.loginUrl()))) return;
    if (!options.open) authorize(known, options.scopes ?? []);
    next();
  };
}

/** The caller of a gated request. */
export function callerOf(res: Response): Identity {
  return res.locals["caller"] as Identity;
}

export function callOf(res: Response): Call {
  return res.locals["call"] as Call;
}
