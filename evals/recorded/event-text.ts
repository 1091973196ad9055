/** A recorded event stream in short: text deltas of one item that follow one another become one. */
import { z } from "zod";

const Delta = z.looseObject({
  type: z.literal("response.output_text.delta"),
  item_id: z.string(),
  delta: z.string(),
});
type Delta = z.infer<typeof Delta>;

/** Other events stay as they were, in their order. */
export function mergeDeltas(stream: string): string {
  const blocks: (string | Delta)[] = [];
  for (const block of stream.split(/\r?\n\r?\n/).filter((each) => each.trim() !== "")) {
    const delta = deltaIn(block);
    const last = blocks.at(-1);
    if (delta === null) blocks.push(block);
    else if (typeof last === "object" && last.item_id === delta.item_id) last.delta += delta.delta;
    else blocks.push(delta);
  }
  return blocks.map((block) => `${typeof block === "string" ? block : eventOf(block)}\n\n`).join("");
}

function eventOf(delta: Delta): string {
  return `event: ${delta.type}\ndata: ${JSON.stringify(delta)}`;
}

function deltaIn(block: string): Delta | null {
  const data = /^data: ?(.*)$/m.exec(block)?.[1];
  if (data === undefined || !data.includes("output_text.delta")) return null;
  try {
    const parsed = Delta.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
