/** A progress bar of one line; without a terminal a line for every tenth. */

export interface ProgressBar {
  step(label: string): void;
  end(): void;
}

export interface Terminal {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export function createProgressBar(total: number, out: Terminal, now: () => number): ProgressBar {
  const started = now();
  let done = 0;
  return {
    step(label) {
      done += 1;
      if (out.isTTY === true)
        out.write(`\r${line(done, total, label, now() - started, out.columns ?? 80)}\u001b[K`);
      else if (done === total || Math.floor((done * 10) / total) > Math.floor(((done - 1) * 10) / total)) {
        out.write(`${done} of ${total} cases, ${seconds(now() - started)}\n`);
      }
    },
    end() {
      if (out.isTTY === true) out.write("\r\u001b[K");
    },
  };
}

function line(done: number, total: number, label: string, elapsed: number, columns: number): string {
  const width = 24;
  const full = Math.round((done / total) * width);
  const left = (elapsed / done) * (total - done);
  const bar = `[${"#".repeat(full)}${"-".repeat(width - full)}]`;
  return `${bar} ${done}/${total}  ${seconds(left)} left  ${label}`.slice(0, columns - 1);
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1_000)} s`;
}
