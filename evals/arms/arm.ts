/** A way to answer the questions: what it is called, and how it is started over the backends that all arms share. */
import type { Case } from "../case.ts";
import type { Outcome } from "../outcome.ts";

export interface RunningArm {
  /** Never throws: what goes wrong is part of the outcome. */
  ask(question: Case): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Arm {
  name: string;
  /** One sentence for the report. */
  what: string;
  start(ground: Ground): Promise<RunningArm>;
}

/** What all arms stand on. */
export interface Ground {
  /** Address of the workspace. */
  workspaceUrl: string;
  /** Names of the enabled backends. */
  backends: readonly string[];
  /** Longest time for one question, milliseconds. */
  timeout_ms: number;
  /** The server with these settings over the configuration; arms with the same settings share one. */
  serve(settings: object): Promise<string>;
  /** Path list of the configuration with these settings, for `readConfigFiles`. */
  configWith(settings: object): string;
  env: Record<string, string | undefined>;
}
