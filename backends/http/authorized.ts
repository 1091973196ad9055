/** Sends with the token of the scope's identity; one that the server refuses is renewed once. */
import type { Secret } from "../auth/secret.ts";
import { BackendError } from "../errors.ts";
import type { ChannelRequest } from "./request.ts";
import type { Scope } from "./scope.ts";

/** No token could be had. It says nothing about the backend, and whoever fetches tokens has repeated it already. */
export class NoToken extends Error {
  constructor(cause: unknown) {
    super("no token could be had", { cause });
  }
}

export async function authorized<T>(
  scope: Scope,
  request: ChannelRequest,
  send: (token: Secret | null) => Promise<T>,
): Promise<T> {
  const identity = request.send_token === false ? null : scope.identity;
  if (identity === null) return await send(null);
  const fetched = () =>
    identity.token(scope.signal).catch((error: unknown) => {
      throw new NoToken(error);
    });
  const token = await fetched();
  try {
    return await send(token);
  } catch (error) {
    const refused = error instanceof BackendError && error.detail.status === 401;
    if (!refused || !identity.renew(token)) throw error;
    return await send(await fetched());
  }
}
