/** Takes secrets out of text before it reaches a span, a log or an exporter. Pure. */

/** Where a word begins, in URL-encoded text too: after `%22`. */
const EDGE = String.raw`(?:\b|(?<=%[0-9A-Fa-f]{2}))`;

const SECRETS: readonly RegExp[] = [
  new RegExp(String.raw`${EDGE}dapi[0-9a-f]{16,}(?:-\d+)?\b`, "gi"), // Databricks personal access token
  new RegExp(String.raw`${EDGE}dose[0-9a-f]{16,}\b`, "gi"), // Databricks OAuth secret
  new RegExp(String.raw`${EDGE}eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`, "g"), // JSON web token
  new RegExp(String.raw`${EDGE}sk-[\w-]{16,}`, "g"), // OpenAI and similar keys
  new RegExp(String.raw`${EDGE}lsv2_[\w]{16,}`, "g"), // LangSmith
  new RegExp(String.raw`${EDGE}gh[pousr]_\w{20,}`, "g"), // GitHub
  new RegExp(String.raw`${EDGE}xox[abprs]-[\w-]{10,}`, "g"), // Slack
  new RegExp(String.raw`${EDGE}(?:AKIA|ASIA)[A-Z0-9]{16}\b`, "g"), // AWS access key id
  // The first of them once more, in base64.
  new RegExp(String.raw`${EDGE}(?:ZGFwa|ZG9zZ|Z2hw)[\w+/-]{20,}={0,2}`, "g"),
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** A quote as it is, escaped, or URL-encoded. */
const QUOTE = String.raw`(?:\\{0,8}["']|%22|%27)?`;
const NAMES = "authorization|api[_-]?key|access[_-]?token|refresh[_-]?token|client[_-]?secret|secret|password|passwd|token"; // prettier-ignore
const VALUE = String.raw`(?:(?!%(?:22|27|2C|7D|26))[^\s"',;&)}\]\\])`;

/** A name that announces a secret, and the value after it. */
const NAMED = new RegExp(
  String.raw`(${QUOTE}${EDGE}(?:${NAMES})${QUOTE}\s*(?:[:=]|%3A|%3D)(?:\s|%20|\+)*${QUOTE})((?:bearer(?:\s|%20)+|basic(?:\s|%20)+)?${VALUE}{6,})`,
  "gi",
);
/** A field's name that announces one. */
const SECRET_NAME = new RegExp(String.raw`\b(?:${NAMES})$`, "i");
const BEARER = /\b(bearer(?:\s|%20)+)[\w.~+/=-]{8,}/gi;
/** User and password in base64; a digit or the padding tells it from a word. */
const BASIC = /\b(basic(?:\s|%20)+)(?=[A-Za-z+/]*[0-9=])[A-Za-z0-9+/]{8,}={0,2}/gi;
const IN_URL = /(\/\/[^/\s:@]+:)[^@\s/]+@/g;

/** Text without any of these holds nothing that the patterns above would take out: most text is looked at once. */
const HINT =
  /dapi|dose|eyJ|sk-|lsv2_|gh[pousr]_|xox[abprs]-|AKIA|ASIA|-----BEGIN|bearer|basic|ZGFwa|ZG9zZ|Z2hw|authorization|key|token|secret|passw|:\/\//i;

export const REDACTED = "[redacted]";

export type Redact = (text: string) => string;

/** `patterns` are the configured regular expressions on top of the built-in ones. */
export function createRedact(patterns: readonly string[]): Redact {
  const own = patterns.map((pattern) => new RegExp(pattern, "g"));
  return (text) => {
    let clean = HINT.test(text) ? withoutSecrets(text) : text;
    for (const pattern of own) clean = clean.replace(pattern, REDACTED);
    return clean;
  };
}

/** Whether what stands under this name is taken out, whatever it looks like. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

function withoutSecrets(text: string): string {
  let clean = text
    .replace(IN_URL, `$1${REDACTED}@`)
    .replace(NAMED, `$1${REDACTED}`)
    .replace(BEARER, `$1${REDACTED}`)
    .replace(BASIC, `$1${REDACTED}`);
  for (const pattern of SECRETS) clean = clean.replace(pattern, REDACTED);
  return clean;
}
