/** LangGraph's serializer with a short way for plain JSON, which is nearly all of our state: the same bytes, the same values. */
import type { SerializerProtocol } from "@langchain/langgraph-checkpoint";

/** Deeper values, circular ones among them, go the library's way. */
const DEEPEST = 64;

/** How the library marks what is more than JSON. Inside a string its quotes would be escaped. */
const MARK = '"lc":';

/** The library looks at every value twice to write it, and makes a promise for every value that it reads. */
export function plainSerializer(library: SerializerProtocol): SerializerProtocol {
  const utf8 = new TextDecoder();
  return {
    dumpsTyped: async (value: unknown) =>
      isPlain(value, 0) ? ["json", Buffer.from(JSON.stringify(value))] : library.dumpsTyped(value),
    loadsTyped: async (type, data): Promise<unknown> => {
      if (type !== "json") return library.loadsTyped(type, data);
      const text = typeof data === "string" ? data : utf8.decode(data);
      return text.includes(MARK) ? library.loadsTyped(type, text) : JSON.parse(text);
    },
  };
}

/** Not so: `undefined`, which the library keeps, and objects of a class, a Send among them. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return true;
  if (value === null) return true;
  if (typeof value !== "object" || depth > DEEPEST) return false;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  return (
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.values(value).every((item) => isPlain(item, depth + 1))
  );
}
