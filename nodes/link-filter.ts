/** Keeps links, images and HTML out of a model's streamed text unless the evidence holds their address. Pure. */

export interface LinkFilter {
  /** Takes the next piece; returns what may be shown now. */
  push(delta: string): string;
  /** What was held back, at the end. */
  end(): string;
}

/** Stands where an address stood that no evidence has. */
export const REMOVED = "(link removed)";

/** An image, a link, a bare address, the beginning of a tag, or the joint of a link in any other form. */
const MARKUP =
  /(!?)\[([^[\]]{0,300})\]\(([^)\n]{0,2000})\)|(?:https?:\/\/|\bwww\.)[^\s<>()[\]"'`]+|<(?=[a-zA-Z/!?])|\](?=\()|\](?=:)/gi;

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
      const ready = held.slice(0, from);
      held = held.slice(from);
      return withoutStrangers(ready, allowed);
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

function withoutStrangers(text: string, allowed: ReadonlySet<string>): string {
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
      if (label === undefined)
        return allowed.has(comparable(all)) ? all : REMOVED + (/[.,;:!?]+$/.exec(all)?.[0] ?? "");
      const url = (target ?? "").trim().split(/\s/)[0] ?? "";
      // A label is text again: an address in it is looked at by itself.
      return image === "" && allowed.has(comparable(url)) ? all : withoutStrangers(label, allowed);
    },
  );
}

function comparable(url: string): string {
  const bare = url.replace(/^<|>$/g, "").replace(/[.,;:!?]+$/, "");
  return URL.canParse(bare) ? new URL(bare).href : bare;
}
