/** Closes the item that a process was writing when it died. */
import { MessageWriter } from "./message-writer.ts";
import type { Output } from "./output.ts";
import { ReasoningWriter } from "./reasoning-writer.ts";
import type { OpenItem } from "./restored-output.ts";

/** A message ends as `incomplete`; reasoning holds whole sentences, so it just ends. */
export function closeInterrupted(output: Output, { index, item, text }: OpenItem): void {
  if (item.type === "message") new MessageWriter(output, item.id, { index, text }).close([], "incomplete");
  else new ReasoningWriter(output, item.id, { index, summary: item.summary }).close();
}
