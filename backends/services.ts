/** What all backends of one process share. Made once by `createBackends`, handed to every kind. */
import type { Tracer } from "@opentelemetry/api";
import type { PolicyConfig } from "../config/schema.ts";
import type { Credentials } from "./auth/credentials.ts";
import type { Clock } from "./clock.ts";
import type { Channel } from "./http/channel.ts";
import type { RateQueue } from "./genie/rate-queue.ts";
import type { SpanContent } from "./span-content.ts";

export interface Services {
  /** The workspace's origin. */
  host: string;
  credentials: Credentials;
  clock: Clock;
  /** Numbers in [0, 1). */
  random: () => number;
  tracer: Tracer;
  content: SpanContent;
  /** A way to the backend of this name, with a breaker and a retry budget of its own. */
  channel(name: string, policy: PolicyConfig): Channel;
  /** The workspace's limit of Genie questions per minute, over all spaces. */
  genie_questions: RateQueue;
}
