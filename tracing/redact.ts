/** Takes secrets out of text before it reaches a span, a log or an exporter. Pure. */

const SECRETS: readonly RegExp[] = [
  /\bdapi[0-9a-f]{16,}(?:-\d+)?\b/gi, // Databricks personal access token
  /\bdose[0-9a-f]{16,}\b/gi, // Databricks OAuth secret
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, // JSON web token
  /\bsk-[\w-]{16,}/g, // OpenAI and similar keys
  /\blsv2_[\w]{16,}/g, // LangSmith
  /\bgh[pousr]_\w{20,}/g, // GitHub
  /\bxox[abprs]-[\w-]{10,}/g, // Slack
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, // AWS access key id
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** A name that announces a secret, and the value after it. */
const NAMED =
  /((?:["']?)\b(?:authorization|api[_-]?key|access[_-]?token|refresh[_-]?token|client[_-]?secret|secret|password|passwd|token)\b["']?\s*[:=]\s*["']?)((?:bearer\s+|basic\s+)?[^\s"',;&)}\]]{6,})/gi;
const BEARER = /\b(bearer\s+)[\w.~+/=-]{8,}/gi;
const IN_URL = /(\/\/[^/\s:@]+:)[^@\s/]+@/g;

/** Text without any of these holds nothing that the patterns above would take out: most text is looked at once. */
const HINT =
  /dapi|dose|eyJ|sk-|lsv2_|gh[pousr]_|xox[abprs]-|AKIA|ASIA|-----BEGIN|bearer|authorization|key|token|secret|passw|:\/\//i;

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

function withoutSecrets(text: string): string {
  let clean = text
    .replace(IN_URL, `$1${REDACTED}@`)
    .replace(NAMED, `$1${REDACTED}`)
    .replace(BEARER, `$1${REDACTED}`);
  for (const pattern of SECRETS) clean = clean.replace(pattern, REDACTED);
  return clean;
}
