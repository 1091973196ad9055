/** Asks one question over a kept-alive connection and checks that the whole answer came. */
import { Pool } from "undici";

export interface Sample {
  /** Until the last byte, milliseconds. */
  total_ms: number;
  /** Until the first text of the answer; the total where it is not streamed. */
  first_text_ms: number;
}

export interface Client {
  ask(stream: boolean): Promise<Sample>;
  close(): Promise<void>;
}

const FIRST_TEXT = "response.output_text.delta";

/** `expected` must stand in every answer: a fast wrong answer is no measurement. */
export function createClient(url: string, expected: string, connections: number): Client {
  const pool = new Pool(url, { connections, headersTimeout: 60_000, bodyTimeout: 60_000 });
  let count = 0;
  return {
    async ask(stream) {
      count += 1;
      const began = performance.now();
      const { statusCode, body } = await pool.request({
        method: "POST",
        path: "/responses",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ input: `What is in the records, number ${count}?`, stream }),
      });
      let text = "";
      let first = 0;
      for await (const part of body) {
        text += String(part);
        if (stream && first === 0 && text.includes(FIRST_TEXT)) first = performance.now() - began;
      }
      const total_ms = performance.now() - began;
      if (statusCode !== 200 || !text.includes(expected)) {
        throw new Error(`Status ${statusCode}, and not the answer: ${text.slice(0, 400)}`);
      }
      return { total_ms, first_text_ms: stream ? first : total_ms };
    },
    close: () => pool.close(),
  };
}
