/** Turns a text into hashes of its words, word pairs and character 2- to 5-grams, without making substrings. */

const FNV_OFFSET = 2_166_136_261;
const FNV_PRIME = 16_777_619;
const SPACE = 32;
const CHAR_SEED = 0x9e37;
const PAIR_SEED = 0x85eb;
const MIN_CHARS = 2;
const MAX_CHARS = 5;
/** Longer texts are cut: a question's topic shows in its first few sentences. */
export const MAX_TEXT = 1_500;

/** `hashes[0..words)` are words and word pairs, `hashes[words..total)` character n-grams. */
export interface Ngrams {
  hashes: Uint32Array;
  words: number;
  total: number;
}

/** Returns a reader with its own buffers; what it returns is overwritten by its next call. */
export function createNgramReader(): (text: string) => Ngrams {
  const codes = new Uint16Array(MAX_TEXT * 2 + 4);
  const hashes = new Uint32Array((MAX_TEXT * 2 + 4) * (MAX_CHARS - MIN_CHARS + 3));
  return (text) => {
    const length = normalise(text, codes);
    const words = readWords(codes, length, hashes);
    return { hashes, words, total: readChars(codes, length, hashes, words) };
  };
}

/** Lower case, digits folded to one, everything else but letters to single spaces; padded by a space on both sides. */
function normalise(text: string, codes: Uint16Array): number {
  const lower = (text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text).toLowerCase();
  let length = 0;
  codes[length++] = SPACE;
  for (let i = 0; i < lower.length && length < codes.length - 1; i++) {
    const code = fold(lower.charCodeAt(i));
    if (code === 0) continue;
    if (code === SPACE && codes[length - 1] === SPACE) continue;
    codes[length++] = code;
  }
  if (codes[length - 1] !== SPACE) codes[length++] = SPACE;
  return length;
}

/** 0 drops the character (apostrophes), a space ends a word. */
function fold(code: number): number {
  if (code >= 97 && code <= 122) return code;
  if (code >= 48 && code <= 57) return code;
  if (code === 39 || code === 0x2019) return 0;
  if (code < 0xc0 || (code >= 0x2000 && code <= 0x206f)) return SPACE;
  return code;
}

function readWords(codes: Uint16Array, length: number, hashes: Uint32Array): number {
  let count = 0;
  let previous = 0;
  let hash = FNV_OFFSET;
  for (let i = 1; i < length; i++) {
    const code = codes[i]!;
    if (code !== SPACE) {
      hash = Math.imul(hash ^ code, FNV_PRIME);
      continue;
    }
    const word = mix(hash);
    hashes[count++] = word;
    if (previous !== 0) hashes[count++] = mix(Math.imul(previous ^ PAIR_SEED, FNV_PRIME) ^ word);
    previous = word;
    hash = FNV_OFFSET;
  }
  return length < 3 ? 0 : count;
}

function readChars(codes: Uint16Array, length: number, hashes: Uint32Array, from: number): number {
  let count = from;
  for (let start = 0; start < length - 1; start++) {
    let hash = Math.imul(FNV_OFFSET ^ CHAR_SEED, FNV_PRIME) ^ codes[start]!;
    const end = Math.min(length, start + MAX_CHARS);
    for (let i = start + 1; i < end; i++) {
      hash = Math.imul(hash, FNV_PRIME) ^ codes[i]!;
      hashes[count++] = mix(hash);
    }
  }
  return count;
}

/** Spreads the bits, so that the low ones serve as a table index; never 0, which marks an empty place. */
function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  return mixed >>> 0 || 1;
}
