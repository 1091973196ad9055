/** A WebSocket message as the POST that it stands for: same route, same peer, same headers as the upgrade. */
import { IncomingMessage } from "node:http";

/** Headers of the upgrade that say nothing about the messages. */
const HANDSHAKE =
  /^(connection|upgrade|sec-websocket-.*|content-.*|transfer-encoding|x-request-id|idempotency-key)$/;

export function socketRequest(upgrade: IncomingMessage, body: object): IncomingMessage {
  const bytes = Buffer.from(JSON.stringify(body));
  const request = new IncomingMessage(upgrade.socket);
  request.method = "POST";
  request.url = "/v1/responses";
  request.httpVersion = upgrade.httpVersion;
  for (const [name, value] of Object.entries(upgrade.headers))
    if (!HANDSHAKE.test(name)) request.headers[name] = value;
  request.headers["content-type"] = "application/json";
  request.headers["content-length"] = String(bytes.length);
  request.push(bytes);
  request.push(null);
  // A request that counts as cut off would take the connection down with it.
  request.complete = true;
  return request;
}
