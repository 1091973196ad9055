/** What the program says when it is started the wrong way. */
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../config/config-error.ts";
import { explainFailure } from "../../server/explain-failure.ts";
import { logLevel } from "../../server/log-level.ts";
import { startArguments } from "../../server/start-arguments.ts";

function problemsOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ found, fix }) => [found, fix]);
    throw error;
  }
  return [];
}

describe("the arguments", () => {
  it.each([
    [[], { help: false, workers: undefined }],
    [["--workers", "4"], { help: false, workers: "4" }],
    [["--workers=4", "-h"], { help: true, workers: "4" }],
  ])("of %j are %j", (argv, expected) => {
    expect(startArguments(argv)).toEqual(expected);
  });

  it("are all looked at, and one that is nearly right gets the right one", () => {
    const listed = "`npm start -- --help` lists what there is";
    expect(problemsOf(() => startArguments(["--worker", "--prot=80", "now", "--workers"]))).toEqual([
      ["--worker", "did you mean --workers?"],
      ["--prot", listed],
      ["now", listed],
      ["--workers without a number", listed],
    ]);
  });
});

describe("LOG_LEVEL", () => {
  it("is info without a word, and one of the known ones", () => {
    expect([logLevel({}), logLevel({ LOG_LEVEL: "silent" })]).toEqual(["info", "silent"]);
    expect(problemsOf(() => logLevel({ LOG_LEVEL: "warning" }))).toEqual([["warning", "set LOG_LEVEL to one of them, or leave it out"]]); // prettier-ignore
    expect(problemsOf(() => logLevel({ LOG_LEVEL: "Debug" }))).toEqual([["Debug", "did you mean `debug`?"]]);
  });
});

describe("a start that fails", () => {
  it.each([
    [{ code: "EADDRINUSE", port: 8000 }, "Port 8000 is taken. Set PORT to another one, or to 0 for any free port."],
    [{ code: "EACCES", port: 80 }, "Port 80 is not for this user. Set PORT to one over 1023, such as 8000."],
    [{ code: "EADDRNOTAVAIL", address: "10.9.9.9" }, "10.9.9.9 is no address of this machine. Set server.host to 127.0.0.1, or to 0.0.0.0 for all."],
    [{}, "Something else."],
  ])("with %j says what to do", (fields, sentence) => {
    expect(explainFailure(Object.assign(new Error("Something else."), fields))).toBe(sentence);
  }); // prettier-ignore
});
