import { describe, expect, it } from "vitest";
import { createContent } from "../../tracing/content.ts";
import { createRedact } from "../../tracing/redact.ts";

const redact = createRedact(["CUST-\\d{6}"]);
const pat = `dapi${"0123456789abcdef".repeat(2)}`;

describe("createRedact", () => {
  it.each([
    [`use ${pat} now`, "use [redacted] now"],
    [`Authorization: Bearer ${"x".repeat(20)}`, "Authorization: [redacted]"],
    ['{"client_secret":"s3cr3t-value"}', '{"client_secret":"[redacted]"}'],
    ["postgres://user:hunter22@host/db", "postgres://user:[redacted]@host/db"],
    [`a ${["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "abc-_123"].join(".")} b`, "a [redacted] b"],
    [`a DOSE${"0123456789abcdef".repeat(2)} b`, "a [redacted] b"],
    [`a sk-${"x".repeat(20)} b`, "a [redacted] b"],
    [`a lsv2_${"x".repeat(20)} b`, "a [redacted] b"],
    [`a gho_${"x".repeat(24)} b`, "a [redacted] b"],
    [`a xoxb-${"1".repeat(12)} b`, "a [redacted] b"],
    [`a ASIA${"X".repeat(16)} b`, "a [redacted] b"],
    ["-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "[redacted]"],
    [`the passwd: "hunter2222"`, `the passwd: "[redacted]"`],
    [encodeURIComponent(`{"note":"${pat}"}`), "%7B%22note%22%3A%22[redacted]%22%7D"],
    [encodeURIComponent('{"token":"abcdef123456"}'), "%7B%22token%22%3A%22[redacted]%22%7D"],
    [JSON.stringify('{"password":"hunter2222"}'), String.raw`"{\"password\":\"[redacted]\"}"`],
    [`a ${Buffer.from(pat).toString("base64")} b`, "a [redacted] b"],
    [`use Basic ${Buffer.from("ada:hunter22").toString("base64")} now`, "use Basic [redacted] now"],
    ["a basic understanding of Basic questions", "a basic understanding of Basic questions"],
    ["customer CUST-123456 churned", "customer [redacted] churned"],
    ["MRR in EMEA was 1,234.50 EUR", "MRR in EMEA was 1,234.50 EUR"],
    ["How many tokens did the password policy mention?", "How many tokens did the password policy mention?"],
  ])("turns %j into %j", (text, clean) => {
    expect(redact(text)).toBe(clean);
  });
});

it("does not lose itself in texts made for it", () => {
  for (const part of ["\\", "token ", "basic ", "bearer ", "%22", "token%20=%20", "//a:"]) {
    const text = `key ${part.repeat(32_000 / part.length)}`;
    expect(redact(text).length).toBeGreaterThan(0);
  }
});

describe("createContent", () => {
  it("carries nothing when capture is off", () => {
    expect(
      createContent({ capture: "off", capture_unstored: "off", redact: [] }).inputs({ question: "x" }),
    ).toEqual({});
  });

  it("cuts every string of a preview and keeps the JSON whole", () => {
    const attributes = createContent({ capture: "preview", capture_unstored: "off", redact: [] }).inputs({
      question: "q".repeat(600),
      n: 1,
    });
    const value = JSON.parse(String(attributes["mlflow.spanInputs"])) as { question: string; n: number };
    expect(value.question).toBe(`${"q".repeat(500)}… (100 more characters)`);
    expect(value.n).toBe(1);
  });

  it("takes out what stands under the name of a secret", () => {
    const attributes = createContent({ capture: "full", capture_unstored: "off", redact: [] }).inputs({
      arguments: {
        password: "hunter2222",
        "X-Api-Key": "abc123def",
        token_count: "12345678",
        question: "Why?",
      },
    });
    expect(attributes["mlflow.spanInputs"]).toBe(
      '{"arguments":{"password":"[redacted]","X-Api-Key":"[redacted]","token_count":"12345678","question":"Why?"}}',
    );
  });

  it("redacts before it cuts", () => {
    const attributes = createContent({ capture: "full", capture_unstored: "off", redact: [] }).outputs({
      text: `token ${pat}`,
    });
    expect(attributes["mlflow.spanOutputs"]).toBe('{"text":"token [redacted]"}');
  });
});
