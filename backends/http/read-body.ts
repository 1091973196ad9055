/** Reads a response body to its end, chunk by chunk, and no further than allowed. */
import type { Readable } from "node:stream";
import { fault } from "../fault.ts";
import { bodyFault } from "./network-fault.ts";

/** `onChunk` runs synchronously as data arrives; what it throws ends the reading. */
export function readBody(
  backend: string,
  body: Readable,
  max_bytes: number,
  signal: AbortSignal,
  onChunk: (chunk: Buffer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const fail = (error: unknown) => {
      reject(error);
      body.destroy();
    };
    body.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > max_bytes) {
        fail(fault("too_large", { backend }));
        return;
      }
      try {
        onChunk(chunk);
      } catch (error) {
        fail(error);
      }
    });
    body.on("end", resolve);
    body.on("error", (error) => reject(signal.aborted ? signal.reason : bodyFault(backend, error)));
    // A destroyed body may close without an error; after `end` this changes nothing.
    body.on("close", () => reject(signal.aborted ? signal.reason : fault("interrupted", { backend })));
  });
}
