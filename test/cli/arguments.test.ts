/** How the command line is called: nothing of it is passed over. */
import { describe, expect, it } from "vitest";
import { runOrchestrator } from "./shell-double.ts";

describe("the command line", () => {
  it.each([
    [["aks"], "There is no command aks. Did you mean ask?"],
    [[], "Name a command."],
    [["router", "calibrat"], "There is no command calibrat. Did you mean calibrate?"],
    [["trace", "--lst"], "There is no option --lst. Did you mean --list?"],
    [["ask"], "The question is missing."],
    [["ask", "what", "is", "MRR"], 'Too many words. Put what belongs together in quotes: "what is MRR".'],
    [["ask", "hello", "--previous"], "--previous needs a value."],
    [["doctor", "now"], "This command takes no further words: now."],
    [["ask", "hello", "--url", "nonsense"], "--url is no address: nonsense. Write one such as http://127.0.0.1:8000."],
    [["ask", "hello", "--url", "http://127.0.0.1:9"], "No server answers at http://127.0.0.1:9. Start one with `npm start`."],
  ])("called with %j says: %s", async (args, sentence) => {
    const { err, code } = await runOrchestrator(args);
    expect(err.trimEnd().split("\n").at(-1)).toBe(sentence);
    expect(code).toBe(1);
  }); // prettier-ignore

  it.each([[["--help"]], [["ask", "--help"]], [["router", "calibrate", "-h"]]])(
    "explains itself: %j",
    async (args) => {
      const { out, err, code } = await runOrchestrator(args);
      expect(out).toContain("USAGE");
      expect([err, code]).toEqual(["", null]);
    },
  );
});
