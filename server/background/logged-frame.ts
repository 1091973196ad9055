/** How events stand in the log of a run: whole frames, our own opt-in ones in front of the numbered one they precede. */

/** The frames for a reader: all of them, or the numbered one alone. */
export function framesFor(logged: string, extraEvents: boolean): string {
  if (extraEvents) return logged;
  const before = logged.lastIndexOf("\n\n", logged.length - 3);
  return before === -1 ? logged : logged.slice(before + 2);
}

/** The JSON text of the numbered event. JSON text has no line breaks of its own, so the last data line is its. */
export function eventJson(logged: string): string {
  return logged.slice(logged.lastIndexOf("\ndata: ") + 7, -2);
}
