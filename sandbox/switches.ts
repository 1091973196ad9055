/** Which of several known wire forms an endpoint uses, and its limits; set at run time by the admin route. */
import { z } from "zod";

export const switchesSchema = z.strictObject({
  /** How the knowledge assistant cites: url_citation annotations, GFM footnotes, or the old `predictions` body. */
  ka_form: z.enum(["annotations", "footnotes", "predictions"]).default("annotations"),
  /** Whether its streams carry text deltas or the text only in `response.output_item.done`. */
  ka_stream: z.enum(["deltas", "done_only"]).default("deltas"),
  /** How MCP endpoints answer a POST. */
  mcp_reply: z.enum(["json", "sse"]).default("json"),
  /** Questions that Genie takes per window in the whole workspace; null is no limit. */
  genie_per_window: z.int().nonnegative().nullable().default(null),
  genie_window_ms: z.int().positive().default(60_000),
  /** Milliseconds between the text deltas of a stream. */
  delta_ms: z.number().nonnegative().default(1),
});

export type Switches = z.infer<typeof switchesSchema>;
