/** Keeps links, images and HTML out of a model's streamed text unless the evidence holds their address. Pure. */

export interface LinkFilter {
  /** Takes the next piece; returns what may be shown now. */
  push(delta: string): string;
  /** What was held back, at the end. */
  end(): string;
}

/** Stands where an address stood that no evidence has. */
export const REMOVED = "(link removed)";

/** What renderers make a link of without any markup. An e-mail address alone carries nothing, and stays. */
const BARE = String.raw`(?:https?:\/\/|(?<![a-z0-9])(?:www\.|ftp:\/\/|(?:mailto|xmpp):(?=[^\s@]{1,320}@)))`;

/** An image, a link, a bare address, the beginning of a tag, or the joint of a link in any other form. */
const MARKUP = new RegExp(
  String.raw`(!?)\[([^[\]]{0,300})\]\(([^)\n]{0,2000})\)|${BARE}[^\s<>()[\]"'\x60]+|<(?=[a-zA-Z/!?])|\](?=\()|\](?=:)`,
  "gi",
);

const ADDRESS = new RegExp(BARE, "gi");

/** Escapes and character references that Markdown resolves before a renderer looks for addresses. */
const DISGUISE = /\\([!-/:-@[-`{-~])|&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(colon|sol|period|commat));/gi;

const NAMED: Readonly<Record<string, string>> = { colon: ":", sol: "/", period: ".", commat: "@" };

/** Renderers leave it out of an address. */
const TRAILING = /[.,;:!?*_~]+$/;

/** What may follow an address in its word without being taken for a part of it. */
const CLOSING = /^[)\]}"'`.,;:!?*_~>]*$/;

/** An end that may still become markup: an open link, or the word under way. */
const UNDECIDED = /(?:!?\[[^[\]]{0,300}(?:\](?:\([^)\n]{0,2000}(?:\)\S{0,2000})?|\S{0,2000})?)?|\S{0,2000})$/;

/**
 * What was shown stays as it is: text waits for the end of its word, a link for its closing parenthesis.
 * `addresses` are those that may be shown.
 */
export function createLinkFilter(addresses: Iterable<string>): LinkFilter {
  const allowed = new Set([...addresses].map(comparable));
  let held = "";
  return {
    push(delta) {
      held += delta;
      const from = UNDECIDED.exec(held)?.index ?? held.length;
      const [before = "", next = ""] = [held[from - 1], held[from]];
      if (/[^\s[!]/.test(next) && /\S/.test(before)) {
        // No word of prose is that long: it is decided on as a whole and ends here.
        const word = held;
        held = "";
        return `${withoutStrangers(word, allowed)} `;
      }
      const ready = held.slice(0, from);
      held = held.slice(from);
      return withoutStrangers(ready, allowed, next);
    },
    end() {
      const rest = withoutStrangers(held, allowed);
      held = "";
      return rest;
    },
  };
}

/** The http(s) addresses that a text names. */
export function addressesIn(text: string): string[] {
  return [...text.matchAll(/https?:\/\/[^\s<>()[\]"'`]+/gi)].map(([url]) => url);
}

/** `next` is the character that follows `text`. */
function withoutStrangers(given: string, allowed: ReadonlySet<string>, next = ""): string {
  const text = given.replaceAll(/\S+/g, (word) => (isDisguised(word) ? REMOVED : word));
  return text.replaceAll(
    MARKUP,
    (
      all: string,
      image: string | undefined,
      label: string | undefined,
      target: string | undefined,
      at: number,
    ) => {
      if (all === "<") return "&lt;";
      // With brackets in its label, or as the definition of a reference: it reads the same and leads nowhere.
      if (all === "]") return text[at + 1] === ":" ? "]\\" : "] ";
      if (label === undefined) {
        if (!allowed.has(comparable(all))) return REMOVED + (TRAILING.exec(all)?.[0] ?? "");
        const [rest = ""] = /^\S*/.exec(text.slice(at + all.length) + next) ?? [];
        return CLOSING.test(rest) ? all : `${all} `;
      }
      const url = (target ?? "").trim().split(/\s/)[0] ?? "";
      // A label is text again: an address in it is looked at by itself.
      return image === "" && allowed.has(comparable(url)) ? all : withoutStrangers(label, allowed);
    },
  );
}

/** Whether the word holds an address only once Markdown has resolved it. */
function isDisguised(word: string): boolean {
  if (!/[\\&]/.test(word)) return false;
  const plain = word.replaceAll(
    DISGUISE,
    (_, escaped?: string, decimal?: string, hex?: string, name?: string) => {
      if (escaped !== undefined) return escaped;
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? "";
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      return code <= 0x7f ? String.fromCharCode(code) : "";
    },
  );
  return addresses(plain) > addresses(word);
}

function addresses(text: string): number {
  return text.match(ADDRESS)?.length ?? 0;
}

function comparable(url: string): string {
  const bare = url.replace(/^<|>$/g, "").replace(TRAILING, "");
  return URL.canParse(bare) ? new URL(bare).href : bare;
}
