/** What every client of the matrix is asked to do, and what it may report of an answer. */

export interface Target {
  /** Of the server, without a slash at the end. */
  url: string;
  question: string;
  max_output_tokens?: number;
}

/** Null where the client has no place for it. */
export interface Observation {
  text: string;
  /** `status` of the response, or what the client makes of it. */
  end: string | null;
  /** Tokens in and out. */
  usage: [number | undefined, number | undefined] | null;
  /** URLs of the citations, in order. */
  cites: string[] | null;
  error: { name: string; message: string; status: number | null } | null;
}

export interface Client {
  /** Package and call. */
  name: string;
  ask: (target: Target, fetch: typeof globalThis.fetch) => Promise<Observation>;
}

/** What the reader of a stream collects until it ends or throws. */
export type Collected = Omit<Observation, "error">;

/** Runs the client; what it throws becomes part of the observation, beside what it had shown before. */
export async function observed(ask: (seen: Collected) => Promise<void>): Promise<Observation> {
  const seen: Collected = { text: "", end: null, usage: null, cites: null };
  try {
    await ask(seen);
    return { ...seen, error: null };
  } catch (error) {
    return { ...seen, error: errorOf(error) };
  }
}

/** Some clients hand out the parts of an event where others throw. */
export function errorOf(error: unknown): NonNullable<Observation["error"]> {
  const { message, status, statusCode } = (error ?? {}) as Record<string, unknown>;
  const code = status ?? statusCode;
  return {
    name: Object(error).constructor.name as string,
    message: typeof message === "string" ? message : JSON.stringify(error),
    status: typeof code === "number" ? code : null,
  };
}
