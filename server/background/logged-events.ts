/** Takes the frames of a background run and commits them to its log; what readers see comes from there. */
import type { EventLog, LoggedEvent } from "../../store/event-log.ts";
import type { RunLease } from "../../store/run-lease.ts";
import type { FrameSink } from "../responses/event-writer.ts";

export class LoggedEvents {
  readonly #log: EventLog;
  readonly #lease: RunLease;
  readonly #onFailure: (error: unknown) => void;
  #extra = "";
  #waiting: LoggedEvent[] = [];
  #last: Promise<void> = Promise.resolve();

  /** `onFailure` is told when events could not be committed: the run must stop, others go on from the log. */
  constructor(log: EventLog, lease: RunLease, onFailure: (error: unknown) => void) {
    this.#log = log;
    this.#lease = lease;
    this.#onFailure = onFailure;
  }

  /** What is written in one go is committed in one piece, so that no log ends inside a part of an item. */
  readonly sink: FrameSink = (frame, sequence) => {
    if (sequence === null) {
      this.#extra += frame;
      return;
    }
    this.#waiting.push({ sequence_number: sequence, event: this.#extra + frame });
    this.#extra = "";
    if (this.#waiting.length === 1) queueMicrotask(() => this.#flush());
  };

  /** Resolves when everything so far is committed, or its failure was told. */
  async committed(): Promise<void> {
    this.#flush();
    await this.#last;
  }

  #flush(): void {
    const events = this.#waiting;
    if (events.length === 0) return;
    this.#waiting = [];
    // Commits keep the order of the calls: the last one done, all are.
    this.#last = this.#log.append(this.#lease, events).catch(this.#onFailure);
  }
}
