/** Prints the last line of CI, "N passed, M failed", from vitest's JSON report, and exits with the right code. */
import { existsSync, readFileSync } from "node:fs";

const [report, testCode, failedSteps] = process.argv.slice(2);
const tests = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : null;

const passed = tests?.numPassedTests ?? 0;
const skipped = (tests?.numPendingTests ?? 0) + (tests?.numTodoTests ?? 0);
// A file that does not load, or whose set-up fails, has no failed test to count; neither has an install that broke.
const unloaded = (tests?.testResults ?? []).filter(
  (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
);
const failedTests = (tests?.numFailedTests ?? 0) + unloaded.length;
const unexplained = Number(testCode) !== 0 && failedTests === 0 ? 1 : 0;
const failed = failedTests + unexplained + Number(failedSteps);

process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
