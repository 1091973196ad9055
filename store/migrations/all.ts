/** Every migration, oldest first. */
import { transcript } from "./001-transcript.ts";
import { evidence } from "./002-evidence.ts";
import { responses } from "./003-responses.ts";
import { conversations } from "./004-conversations.ts";
import { locks } from "./005-locks.ts";
import { runs } from "./006-runs.ts";
import { feedbackAndUsage } from "./007-feedback-and-usage.ts";
import { traces } from "./008-traces.ts";
import { pruning } from "./009-pruning.ts";
import { reservations } from "./010-reservations.ts";
import { threadMetadata } from "./011-thread-metadata.ts";
import { halfWay } from "./012-half-way.ts";
import { keyedThreads } from "./013-keyed-threads.ts";
import { longThreads } from "./014-long-threads.ts";
import type { Migration } from "./migration.ts";

export const MIGRATIONS: readonly Migration[] = [
  transcript,
  evidence,
  responses,
  conversations,
  locks,
  runs,
  feedbackAndUsage,
  traces,
  pruning,
  reservations,
  threadMetadata,
  halfWay,
  keyedThreads,
  longThreads,
];
