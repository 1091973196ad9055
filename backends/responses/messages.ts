/** Puts messages together from deltas and done items, each text once (contracts section 1, traps 3 and 4). */
import type { Json } from "../backend.ts";
import { asList, asObject, asText, type JsonObject } from "../json-fields.ts";

export interface AssembledMessage {
  text: string;
  annotations: Json[];
}

export interface MessageAssembly {
  /** `output_item.added` of a message. */
  open(id: string | null): void;
  delta(id: string | null, text: string): void;
  /** A whole text part; counts only where no deltas of this message came before. */
  part(id: string | null, text: string): void;
  annotation(id: string | null, annotation: Json): void;
  /** A whole message item. */
  done(item: JsonObject): void;
  /** Messages begun but not closed by a done item. */
  unfinished(): boolean;
  all(): AssembledMessage[];
}

interface Draft {
  id: string | null;
  streamed: string;
  final: AssembledMessage | null;
  annotations: Json[];
}

/** `onText` gets what can be shown, in order; messages are set apart by a blank line. */
export function createMessageAssembly(onText: (delta: string) => void): MessageAssembly {
  const drafts: Draft[] = [];
  let shown: Draft | null = null;

  const begin = (id: string | null): Draft => {
    const draft: Draft = { id, streamed: "", final: null, annotations: [] };
    drafts.push(draft);
    return draft;
  };

  const current = (id: string | null): Draft => openDraft(drafts, id) ?? begin(id);

  const show = (draft: Draft, text: string): void => {
    if (text === "") return;
    draft.streamed += text;
    const apart = shown !== null && shown !== draft;
    shown = draft;
    onText(apart ? `\n\n${text}` : text);
  };

  return {
    open(id) {
      begin(id);
    },
    delta(id, text) {
      show(current(id), text);
    },
    part(id, text) {
      const draft = current(id);
      if (draft.streamed === "") show(draft, text);
    },
    annotation(id, annotation) {
      current(id).annotations.push(annotation);
    },
    done(item) {
      const whole = wholeMessage(item);
      const draft = draftOf(drafts, asText(item["id"]), whole.text) ?? begin(asText(item["id"]));
      if (draft.streamed === "") show(draft, whole.text);
      draft.final = {
        text: whole.text === "" ? draft.streamed : whole.text,
        annotations: whole.annotations.length > 0 ? whole.annotations : draft.annotations,
      };
    },
    unfinished: () => drafts.some((draft) => draft.final === null && draft.streamed !== ""),
    all: () =>
      drafts
        .map((draft) => draft.final ?? { text: draft.streamed, annotations: draft.annotations })
        .filter(({ text, annotations }) => text !== "" || annotations.length > 0),
  };
}

/** Ids are not reliable: what fits no open message belongs to the newest open one. */
function openDraft(drafts: Draft[], id: string | null): Draft | undefined {
  const open = drafts.filter((draft) => draft.final === null);
  return (id === null ? undefined : open.find((draft) => draft.id === id)) ?? open.at(-1);
}

function draftOf(drafts: Draft[], id: string | null, text: string): Draft | undefined {
  const open = drafts.filter((draft) => draft.final === null);
  const same = open.find((draft) => id !== null && draft.id === id);
  return same ?? open.findLast((draft) => draft.streamed === "" || sameWords(draft.streamed, text));
}

/** A done text may carry footnotes that the deltas lack. */
function sameWords(streamed: string, whole: string): boolean {
  const plain = (text: string) => text.replace(/\[\^[^\]]*\]/g, "").replace(/\s+/g, "");
  return whole === "" || plain(whole).startsWith(plain(streamed));
}

export function wholeMessage(item: JsonObject): AssembledMessage {
  const content = item["content"];
  if (typeof content === "string") return { text: content, annotations: [] };
  let text = "";
  const annotations: Json[] = [];
  for (const value of asList(content)) {
    const part = asObject(value);
    if (part === null) continue;
    text += asText(part["text"]) ?? asText(part["refusal"]) ?? "";
    annotations.push(...asList(part["annotations"]));
  }
  return { text, annotations };
}
