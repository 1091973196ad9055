/** The workspace has one address and one complete way to authenticate (contracts section 6). */
import type { Check } from "./check.ts";
import type { Draft } from "./draft.ts";

type Given = Draft["workspace"];

export const checkWorkspace: Check = ({ workspace }) => [
  ...checkHost(workspace),
  ...checkCredentials(workspace),
];

function checkHost({ host }: Given): ReturnType<Check> {
  if (host === undefined) return [];
  const text = /^https?:\/\//i.test(host) ? host : `https://${host}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && url.pathname === "/" && url.search === "" && url.username === "") return [];
  const expected = "the workspace's address without a path, such as https://adb-123.4.azuredatabricks.net";
  const fix = url === null ? "copy the address from the browser" : `write ${url.protocol}//${url.host}`;
  return [
    {
      path: ["workspace", "host"],
      found: url === null ? "no valid address" : "an address with more than the host",
      expected,
      fix,
    },
  ];
}

function checkCredentials(workspace: Given): ReturnType<Check> {
  const { token, client_id, client_secret, auth_type } = workspace;
  const problems: ReturnType<Check> = [];
  const missing = (key: string, why: string) => {
    problems.push({
      path: ["workspace", key],
      found: "nothing",
      expected: `a value, ${why}`,
      fix: `set \`${key}\``,
    });
  };
  if (client_id !== undefined && client_secret === undefined)
    missing("client_secret", "because client_id is given");
  if (client_secret !== undefined && client_id === undefined)
    missing("client_id", "because client_secret is given");
  if (auth_type === "pat" && token === undefined) missing("token", "because auth_type is pat");
  if (auth_type === "oauth-m2m" && client_id === undefined && client_secret === undefined) {
    missing("client_id", "because auth_type is oauth-m2m");
  }
  if (auth_type === undefined && token !== undefined && client_id !== undefined) {
    const found = "both a token and an OAuth client";
    const fix = "remove one of them, or say which with `auth_type: pat` or `auth_type: oauth-m2m`";
    problems.push({ path: ["workspace"], found, expected: "one way to authenticate", fix });
  }
  return problems;
}
