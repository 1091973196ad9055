/** Stops a run between two steps when its process is about to end: another one goes on from the checkpoint. */
import { isGraphDrained, RunControl } from "@langchain/langgraph";

/** Rejects with the reason of `drain` when the run stopped for it; what else `run` gives or throws passes through. */
export async function untilDrained(
  drain: AbortSignal | undefined,
  run: (control: RunControl) => Promise<void>,
): Promise<void> {
  const control = new RunControl();
  const request = () => control.requestDrain();
  if (drain?.aborted === true) request();
  drain?.addEventListener("abort", request, { once: true });
  try {
    await run(control);
  } catch (error) {
    throw drain !== undefined && isGraphDrained(error) ? (drain.reason as Error) : error;
  } finally {
    drain?.removeEventListener("abort", request);
  }
}
