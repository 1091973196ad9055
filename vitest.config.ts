/** How `npm test` runs: every file in its own worker, no network, no credentials. */
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Where CI wants the results as JSON, beside what the terminal shows. */
const report = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/server/every-stream.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: "forks",
    // Many tests wait for sockets and programs, so that two share even two cores well.
    maxWorkers: Math.max(availableParallelism() - 1, 2),
    env: { LANGSMITH_TRACING: "false", NODE_ENV: "test" },
  },
});
