/** Ids as LangGraph's clients expect them: our 32 hexadecimal digits as a UUID, and back. */

/** Version 4 by its bits, so that strict clients take it. */
export function newRunId(randomHex: string): string {
  const variant = ((parseInt(randomHex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${randomHex.slice(0, 12)}4${randomHex.slice(13, 16)}${variant}${randomHex.slice(17, 32)}`;
}

export function asUuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function fromUuid(uuid: string): string {
  return uuid.replaceAll("-", "");
}
