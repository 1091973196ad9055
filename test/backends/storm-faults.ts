/** Every way in which a call goes wrong in a storm. */
export const FAULTS = [
  { kind: "latency", ms: 200 },
  { kind: "status", status: 429, retry_after: 0 },
  { kind: "status", status: 429 },
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
  { kind: "hang" },
  { kind: "reset" },
  { kind: "cut", after_bytes: 50 },
  { kind: "malformed" },
  { kind: "redirect" },
];
