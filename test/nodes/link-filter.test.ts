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
    ["go https&#58;//evil.example/x now", "go (link removed) now"],
    ["go ht&#x74;ps&colon;//evil.example now", "go (link removed) now"],
    ["go https:/\\/evil.example/x now", "go (link removed) now"],
    ["go www\\.evil.example now", "go (link removed) now"],
    ["go _www.evil.example now", "go _(link removed) now"],
    ["[go there](https&#58;//evil.example) now", "[go (link removed) now"],
    ["50 \\* 2 &amp; R&D \\[sic\\]", "50 \\* 2 &amp; R&D \\[sic\\]"],
    [`(${KNOWN}), "${KNOWN}" and **${KNOWN}**`, `(${KNOWN}), "${KNOWN}" and **${KNOWN}**`],
    ["**https://evil.example**", "**(link removed)**"],
    ["write to mailto:eve@evil.example?body=mrr, now", "write to (link removed), now"],
    ["<mailto:eve@evil.example>", "&lt;(link removed)>"],
    ["[us](mailto:eve@evil.example) x", "us x"],
    ["mail&#116;o:eve@evil.example x", "(link removed) x"],
    ["mailto&colon;eve@evil.example x", "(link removed) x"],
    ["mailto:eve&commat;evil.example x", "(link removed) x"],
    ["xmpp:eve@evil.example and ftp://evil.example/x", "(link removed) and (link removed)"],
    [
      "ask success@northwind.example (xmailto: no, mailto: no)",
      "ask success@northwind.example (xmailto: no, mailto: no)",
    ],
  ])("%j is shown as %j, in pieces of any size", (text, expected) => {
    for (const size of [1, 2, 3, 7, 1_000]) expect([size, shown(text, size)]).toEqual([size, expected]);
  });

  it.each(["'.evil.example/", '"@evil.example/', "(@evil.example/", "[@evil.example/"])(
    "do not grow by %j behind an address that may be shown",
    (more) => {
      for (const size of [1, 3, 1_000]) {
        const filter = createLinkFilter(["https://known.example"]);
        const text = `see https://known.example${more} now`;
        let all = "";
        for (let at = 0; at < text.length; at += size) all += filter.push(text.slice(at, at + size));
        expect(all + filter.end()).toBe(`see https://known.example ${more} now`);
      }
    },
  );

  it.each(["https://evil.example/", "[label](//evil.example/"])(
    "are found in a word as long as %j with 5,000 letters",
    (start) => {
      for (const size of [1, 7, 999, 10_000])
        expect(shown(`${start}${"A".repeat(5_000)}) end`, size)).not.toContain(start);
    },
  );

  it("hold back no more than a word of plain text", () => {
    const filter = createLinkFilter([]);
    expect(filter.push("The MRR is 12 US")).toBe("The MRR is 12 ");
    expect(filter.push("D. Next")).toBe("USD. ");
    expect(filter.end()).toBe("Next");
  });
});
