/** How `npm test` runs: every file in its own worker, no network, no credentials. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: "forks",
    env: { LANGSMITH_TRACING: "false", NODE_ENV: "test" },
  },
});
