/** Several ways to a token, tried in order until one gives one; from then on only that one is asked. */
import { BackendError } from "../errors.ts";
import type { TokenSource } from "./token-source.ts";

/** `sources` is not empty. The first failure is the one that is told when none works. */
export function createFirstSource(sources: [TokenSource, ...TokenSource[]]): TokenSource {
  let chosen: TokenSource | null = null;
  return {
    get auth_type() {
      return (chosen ?? sources[0]).auth_type;
    },
    async fetch(signal) {
      if (chosen !== null) return await chosen.fetch(signal);
      let first: unknown = null;
      for (const source of sources) {
        try {
          const token = await source.fetch(signal);
          chosen = source;
          return token;
        } catch (error) {
          if (!(error instanceof BackendError)) throw error;
          first ??= error;
        }
      }
      throw first;
    },
  };
}
