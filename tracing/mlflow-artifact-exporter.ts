/** Traces that live in a Databricks experiment: registered, then their spans in one artifact behind a signed address. */
import { ExportResultCode, type ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { request } from "undici";
import { isLocalRoot } from "./local-root.ts";
import { MlflowError, type MlflowClient } from "./mlflow-client.ts";
import { mlflowSpanJson } from "./mlflow-span-json.ts";

export interface ArtifactTarget {
  client: MlflowClient;
  register: (root: ReadableSpan) => Promise<void>;
  traceId: (hex: string) => string;
}

/** Traces whose root has not ended; the oldest go first. */
const MOST_OPEN = 256;
const TIMEOUT_MS = 10_000;

/** An artifact is written once, when the root has ended: what ends later is in the other stores alone. */
export function mlflowArtifactExporter(target: ArtifactTarget): SpanExporter {
  const open = new Map<string, ReadableSpan[]>();
  return {
    export(batch: ReadableSpan[], done: (result: ExportResult) => void) {
      const ended = gather(open, batch);
      Promise.all(ended.map((spans) => upload(target, spans))).then(
        () => done({ code: ExportResultCode.SUCCESS }),
        (error: unknown) => done({ code: ExportResultCode.FAILED, error: error as Error }),
      );
    },
    shutdown: async () => {},
  };
}

/** Adds the batch to the open traces; returns those whose root is there. */
function gather(open: Map<string, ReadableSpan[]>, batch: ReadableSpan[]): ReadableSpan[][] {
  for (const span of batch) {
    const { traceId } = span.spanContext();
    const spans = open.get(traceId);
    if (spans === undefined) open.set(traceId, [span]);
    else spans.push(span);
  }
  const ended = [...open.entries()].filter(([, spans]) => spans.some(isLocalRoot));
  for (const [id] of ended) open.delete(id);
  for (const id of open.keys()) {
    if (open.size <= MOST_OPEN) break;
    open.delete(id);
  }
  return ended.map(([, spans]) => spans);
}

async function upload({ client, register, traceId }: ArtifactTarget, spans: ReadableSpan[]): Promise<void> {
  const root = spans.find(isLocalRoot);
  if (root === undefined) return;
  await register(root);
  const id = traceId(root.spanContext().traceId);
  const path = `/api/2.0/mlflow/traces/${id}/credentials-for-data-upload`;
  const { credential_info } = (await client.get(path)) as { credential_info?: Credential };
  if (credential_info === undefined) throw new MlflowError(200, "NO_CREDENTIAL", path);
  const body = JSON.stringify({ spans: spans.map((span) => mlflowSpanJson(span, id)) });
  await put(credential_info, body);
}

interface Credential {
  type: string;
  signed_uri: string;
  headers?: { name: string; value: string }[];
}

/** The address itself is the permission: no token of ours goes there. */
async function put({ type, signed_uri, headers = [] }: Credential, body: string): Promise<void> {
  const blob: Record<string, string> = type === "AZURE_SAS_URI" ? { "x-ms-blob-type": "BlockBlob" } : {};
  const own = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
  const reply = await request(signed_uri, {
    method: "PUT",
    headers: { ...blob, ...own },
    body,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  await reply.body.dump();
  if (reply.statusCode >= 300) throw new MlflowError(reply.statusCode, "UPLOAD_FAILED", "the signed address");
}
