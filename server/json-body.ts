/** Reads a JSON body strictly: size, content type, UTF-8, syntax, depth (Responses contract section 5). */
import express, { type RequestHandler } from "express";
import type { IncomingMessage } from "node:http";
import { RequestError } from "./errors.ts";
import { checkJson } from "./json-check.ts";

/**
 * Buffers bodies up to `limit` bytes. The media type must be stated: browsers send a body without one across origins
 * without asking first, and `text/plain` likewise.
 */
export function bufferBody(limit: number): RequestHandler[] {
  return [requireJsonType, express.raw({ type: () => true, limit })];
}

const requireJsonType: RequestHandler = (req, _res, next) => {
  if (!hasBody(req)) return next();
  const [type = "", ...parameters] = (req.headers["content-type"] ?? "").toLowerCase().split(";");
  const charset = parameters.map((p) => p.trim()).find((p) => p.startsWith("charset="));
  const utf8 = charset === undefined || /^charset="?(utf-8|utf8|us-ascii)"?$/.test(charset);
  if (/^application\/([a-z0-9.+-]+\+)?json$/.test(type.trim()) && utf8) return next();
  throw new RequestError("unsupported_media_type", "The body must be application/json in UTF-8.");
};

function hasBody(req: IncomingMessage): boolean {
  return req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
}

/** `raw` is what `bufferBody` left; an absent body counts as broken JSON. */
export function parseJson(raw: unknown): unknown {
  const bytes = raw instanceof Uint8Array ? raw : new Uint8Array();
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const what = cause instanceof SyntaxError ? "valid JSON" : "valid UTF-8";
    throw new RequestError("invalid_json", `The body is not ${what}.`, { cause });
  }
  checkJson(value);
  return value;
}
