/** Starts the page. */
import { createComposer } from "./composer.js";
import { createConversation } from "./conversation.js";
import { byId } from "./dom.js";
import { createHistoryPanel } from "./history-panel.js";
import { createSourcePanel } from "./source-panel.js";
import { fillWelcome } from "./welcome.js";

const sources = createSourcePanel();
const conversation = createConversation({
  openSource: (turn, n, from) => void sources.open(turn, n, from),
  setBusy: (busy) => composer.setBusy(busy),
  onChange: (thread) => past.changed(thread),
});
const composer = createComposer({ ask: conversation.ask, stop: conversation.stop });
const past = createHistoryPanel({
  open(thread) {
    sources.close();
    conversation.open(thread);
  },
  forget: (thread) => conversation.forget(thread),
});

byId("new").addEventListener("click", () => {
  sources.close();
  conversation.startNew();
  composer.focus();
});
conversation.restore();
composer.focus();
void fillWelcome(conversation.ask);
