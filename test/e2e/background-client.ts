/** A client of one background run that loses its connection and comes back, as long as it takes. */

export interface BackgroundClient {
  /** `resp_…`, once the first event came. */
  readonly id: string | null;
  /** Whole frames received so far, over all connections. */
  readonly received: string;
  /** Reads until the stream ends or breaks; true at `[DONE]`. */
  follow(url: string): Promise<boolean>;
}

export interface ClientOptions {
  /** Makes the first request safe to repeat. */
  key?: string;
  /** A connection that is silent for so long counts as broken. */
  silence_ms?: number;
}

/** `body` is sent with `background` and `stream`; each later call resumes behind the last event received. */
export function backgroundClient(body: object, { key, silence_ms }: ClientOptions = {}): BackgroundClient {
  let received = "";
  let id: string | null = null;

  const request = (url: string, signal: AbortSignal): Promise<Response> => {
    if (id !== null)
      return fetch(`${url}/responses/${id}?stream=true&starting_after=${lastNumber(received)}`, { signal });
    return fetch(`${url}/invocations`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      body: JSON.stringify({ ...body, background: true, stream: true }),
      signal,
    });
  };

  return {
    get id() {
      return id;
    },
    get received() {
      return received;
    },
    follow: async (url) => {
      let rest = "";
      const broken = new AbortController();
      const heard = () => void (timer = watchdog(broken, timer, silence_ms));
      let timer: NodeJS.Timeout | undefined;
      heard();
      try {
        const reply = await request(url, broken.signal);
        if (reply.status !== 200) throw new Error(`${reply.status}: ${await reply.text()}`);
        for await (const piece of reply.body!.pipeThrough(new TextDecoderStream())) {
          heard();
          rest += piece;
          const whole = rest.lastIndexOf("\n\n") + 2;
          if (whole < 2) continue;
          received += rest.slice(0, whole);
          rest = rest.slice(whole);
          id ??= /"id":"(resp_[0-9a-f]{32})"/.exec(received)?.[1] ?? null;
        }
      } catch (error) {
        if (!(error instanceof TypeError) && !broken.signal.aborted) throw error;
      } finally {
        clearTimeout(timer);
      }
      return received.endsWith("data: [DONE]\n\n");
    },
  };
}

function watchdog(
  broken: AbortController,
  before: NodeJS.Timeout | undefined,
  silence_ms: number | undefined,
): NodeJS.Timeout | undefined {
  clearTimeout(before);
  return silence_ms === undefined ? undefined : setTimeout(() => broken.abort(), silence_ms);
}

function lastNumber(received: string): number {
  return Number(
    [...received.matchAll(/^data: \{"type":"[^"]+","sequence_number":(\d+)/gm)].at(-1)?.[1] ?? -1,
  );
}
