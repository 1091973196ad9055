/** How clients name a checkpoint: its id, or an object around it. */
import { z } from "zod";

/** The graph has no subgraphs, so that every checkpoint is in the namespace "". Other keys mean nothing here. */
export const Checkpoint = z.object({
  checkpoint_id: z.string().min(1).max(64).nullish(),
  checkpoint_ns: z.literal("").nullish(),
});

/** A bare id, a checkpoint, or a configuration that holds one. */
export const CheckpointName = z.union([
  z.string().min(1).max(64),
  z.object({ configurable: Checkpoint }),
  Checkpoint,
]);

export function checkpointId(name: z.infer<typeof CheckpointName> | null | undefined): string | undefined {
  if (name === undefined || name === null) return undefined;
  if (typeof name === "string") return name;
  return ("configurable" in name ? name.configurable : name).checkpoint_id ?? undefined;
}
