/** Which port the environment asks for. */
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../config/config-error.ts";
import { listenPort } from "../../server/listen-port.ts";

describe("the port", () => {
  it.each([
    [{}, 8_000],
    [{ PORT: "0" }, 0],
    [{ PORT: "8431" }, 8_431],
    [{ PORT: "8431", DATABRICKS_APP_PORT: "8000" }, 8_000],
  ])("of %j is %i", (env, port) => {
    expect(listenPort(env)).toBe(port);
  });

  it.each(["abc", "-1", "65536", "80.5"])("names the variable when it is %s", (found) => {
    const problem = { path: "PORT", found, expected: "a whole number from 0 to 65535" };
    const refused = () => listenPort({ PORT: found });
    expect(refused).toThrow(ConfigError);
    expect(refused).toThrow(expect.objectContaining({ problems: [expect.objectContaining(problem)] }));
  });
});
