/** How `npm test` runs: every file in its own worker, no network, no credentials. */
import { defineConfig } from "vitest/config";

/** Where CI wants the results as JSON, beside what the terminal shows. */
const report = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: "forks",
    env: { LANGSMITH_TRACING: "false", NODE_ENV: "test" },
  },
});
