/** Asks every client one question and reports what each saw, with the raw streams beside it. */
import type { Client, Observation, Target } from "./client.ts";
import { tappedFetch, type TappedStream } from "./tapped-fetch.ts";

export interface Report {
  client: string;
  seen: Observation;
  streams: TappedStream[];
}

/** All at once. */
export function askAll(clients: readonly Client[], target: Target): Promise<Report[]> {
  return Promise.all(
    clients.map(async ({ name, ask }) => {
      const tap = tappedFetch();
      const seen = await ask(target, tap.fetch);
      return { client: name, seen, streams: await tap.streams() };
    }),
  );
}
