/** Which kind a backend was meant to be, so that a wrong `kind` does not hide its other mistakes. */
import { BackendConfig } from "../schema.ts";
import { closestName } from "./closest-name.ts";
import { valueAt } from "./config-path.ts";

const SHAPES = BackendConfig.options.map(({ shape }) => ({
  kind: shape.kind.value as string,
  keys: Object.keys(shape),
}));

/** The kind that is written, else the one with nearly that name, else the one that knows most of the keys. */
export function meantKind(entry: object): string {
  const written = valueAt(entry, ["kind"]);
  const kinds = SHAPES.map(({ kind }) => kind);
  const near = typeof written === "string" ? closestName(written, kinds) : null;
  if (near !== null) return near;
  const given = Object.keys(entry);
  const known = ({ keys }: (typeof SHAPES)[number]) => given.filter((key) => keys.includes(key)).length;
  // Of kinds that know equally many the plainest: it wants the fewest keys of its own.
  const ranked = SHAPES.toSorted((a, b) => known(b) - known(a) || a.keys.length - b.keys.length);
  return ranked[0]?.kind ?? "";
}
