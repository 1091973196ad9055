/** Which peers' forwarded headers are believed: addresses and CIDR ranges of the configuration. */
import { BlockList, isIP } from "node:net";

/** Entries that are neither an address nor a range match nobody. */
export function trustedPeers(
  entries: readonly string[],
): (request: { socket: { remoteAddress?: string } }) => boolean {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", bits] = entry.split("/");
    const version = isIP(address);
    if (version === 0) continue;
    const family = version === 4 ? "ipv4" : "ipv6";
    if (bits === undefined) list.addAddress(address, family);
    else if (/^\d{1,3}$/.test(bits)) list.addSubnet(address, Number(bits), family);
  }
  return (request) => {
    const peer = (request.socket.remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
    const version = isIP(peer);
    return version !== 0 && list.check(peer, version === 4 ? "ipv4" : "ipv6");
  };
}
