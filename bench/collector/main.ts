/** A place to send traces to that takes everything, answers late, or refuses: the first argument says which. Loopback only. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const MODE = process.argv[2] ?? "ok";
const LATE_MS = 30_000;

const server = createServer((req, res) => {
  req.resume();
  req.once("end", () => {
    const answer = () => {
      res.writeHead(MODE === "failing" ? 500 : 200, { "content-type": "application/json" });
      // What LangSmith's client wants to know first.
      res.end(req.url?.startsWith("/info") === true ? '{"version":"0","batch_ingest_config":{"use_multipart_endpoint":false}}' : "{}"); // prettier-ignore
    };
    if (MODE === "slow") setTimeout(answer, LATE_MS).unref();
    else answer();
  });
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`collector listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on("SIGTERM", () => process.exit(0));
