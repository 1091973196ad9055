/** Genie over the Conversation REST API, and the rows that only it can fetch or compute again (contracts section 3b). */
import type { BackendConfigOf } from "../../config/schema.ts";
import type { Channel } from "../http/channel.ts";
import type { Services } from "../services.ts";
import { readRestMessage } from "./read-rest-message.ts";
import { createSpaceCalls, messagePath } from "./rest-calls.ts";
import { createGenieRows } from "./rest-rows.ts";
import type { GenieRows, GenieTransport } from "./transport.ts";

export function createGenieRestTransport(
  config: BackendConfigOf<"genie">,
  services: Services,
  channel: Channel,
): GenieTransport & GenieRows {
  const send = createSpaceCalls(services.host, config.target, channel);
  const poll: GenieTransport["poll"] = async (scope, conversation_id, message_id) => {
    const path = messagePath(conversation_id, message_id);
    return readRestMessage(config.name, await send(scope, "GET", "genie.poll", path));
  };
  return {
    name: "rest",
    poll,
    ...createGenieRows(config, services, send, poll),
    async ask(scope, question, conversation_id) {
      const path =
        conversation_id === undefined
          ? "/start-conversation"
          : `/conversations/${encodeURIComponent(conversation_id)}/messages`;
      const body = await send(scope, "POST", "genie.ask", path, { content: question });
      return readRestMessage(config.name, body);
    },
  };
}
