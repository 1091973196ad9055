/** Whose access token this is, as the workspace says. */

export interface Principal {
  /** The user's email, or a service principal's application id. */
  name: string;
}

/** Null for a token that the workspace does not accept; throws when the workspace cannot be asked. */
export type Whoami = (token: string) => Promise<Principal | null>;
