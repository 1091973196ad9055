import { describe, expect, it } from "vitest";
import { readUpstreamError, UpstreamError } from "../../../backends/http/upstream-error.ts";

const HEAD = "eyJhbGciOiJSUzI1NiJ9";
const JWT = `${HEAD}.${"eyJzdWIiOiJhZGEi".repeat(60)}.${"c2ln".repeat(40)}`;
const PAT = `dapi${"0123456789abcdef".repeat(2)}`;

describe("the message of an upstream error", () => {
  it.each([
    ["a JSON web token", JWT, HEAD],
    ["a personal access token", PAT, PAT.slice(0, 12)],
    ["a bearer header", `Bearer ${"s3cr3t".repeat(10)}`, "s3cr3ts3"],
  ])("holds no half of %s, wherever its end falls", (_name, secret, beginning) => {
    for (let before = 900; before <= 1_000; before += 1) {
      const message = `${"x ".repeat(before / 2)}${" ".repeat(before % 2)}${secret} and more`;
      const error = readUpstreamError(JSON.stringify({ error_code: "BAD_REQUEST", message }));
      expect(error.message).not.toContain(beginning);
      expect(error.message.length).toBeLessThanOrEqual(1_000);
    }
  });

  it("is read in no time, however long a word that begins like a token", () => {
    const begun = performance.now();
    const { message } = new UpstreamError(null, "eyJ-".repeat(250_000), null);
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(message).toHaveLength(1_000);
  });

  it.each([`key-${JWT}`, `key.${JWT}`, `"${JWT}"`])("holds no token, whatever stands before it", (text) => {
    expect(new UpstreamError(null, text, null).message).not.toContain("eyJ");
  });

  it("keeps names that have those letters inside", () => {
    const text = "no route to greyjoy.example.com";
    expect(new UpstreamError(null, text, null).message).toBe(text);
  });

  it("is made harmless whoever makes the error", () => {
    expect(new UpstreamError(PAT, `no access with ${PAT}`, null)).toMatchObject({
      code: "[secret]",
      message: "no access with [secret]",
    });
  });
});
