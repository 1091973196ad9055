/** Reads server-sent events from a fetch response. */

/**
 * @typedef {{ type: string, [field: string]: any }} StreamEvent
 */

/**
 * Yields the JSON payload of every event until `[DONE]` or the end of the body. Comments and unknown fields are skipped.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<StreamEvent, void, void>}
 */
export async function* readEvents(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const frames = rest.split(/\r?\n\r?\n/);
      rest = done ? "" : (frames.pop() ?? "");
      for (const frame of frames) {
        const data = dataOf(frame);
        if (data === "[DONE]") return;
        const event = parsed(data);
        if (event !== null) yield event;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** @param {string} frame */
function dataOf(frame) {
  const lines = frame.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n");
}

/** @param {string} data @returns {StreamEvent | null} */
function parsed(data) {
  if (data === "") return null;
  try {
    const value = JSON.parse(data);
    return typeof value?.type === "string" ? value : null;
  } catch {
    return null;
  }
}
