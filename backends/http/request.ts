/** One call as its caller describes it, before token, trace context and policy are added. */

export interface ChannelRequest {
  /** What the call is for: names its span. */
  operation: string;
  method: "GET" | "POST" | "DELETE";
  url: string;
  /** Lower-case names; never credentials of the workspace. */
  headers?: Record<string, string>;
  body?: string;
  /** Statuses beside 2xx that are no failure. */
  accept_statuses?: number[];
  /** `false` for calls that change something: then only what surely did nothing is repeated. */
  repeatable?: boolean;
  /** `false` sends no token although the scope has an identity. */
  send_token?: boolean;
}
