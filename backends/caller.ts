/** Who asks. Lives for one request; the access token is never persisted, logged or traced. */
export interface Caller {
  /** Stable owner key of threads, responses and caches, e.g. `user:ada@example.com` or `anonymous`. */
  subject: string;
  email?: string;
  /** The user's forwarded access token, where there is one. */
  access_token?: string;
}
