/** A chat model over HTTP that writes as its prompt tells it to, no better: rules that are missing are not followed. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const Body = z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) });

export interface ObedientWriter {
  /** Base URL, `/v1` included. */
  url: string;
  close(): Promise<void>;
}

/** `prompt` changes the system prompt on its way to the model. */
export async function startObedientWriter(prompt: (text: string) => string): Promise<ObedientWriter> {
  const server = createServer((request, reply) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const { messages } = Body.parse(JSON.parse(text));
      const [system, user] = [messages[0]?.content ?? "", messages.at(-1)?.content ?? ""];
      const frame = (choice: object) => `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`;
      reply.writeHead(200, { "content-type": "text/event-stream" });
      reply.write(frame({ delta: { content: write(prompt(system), user) }, finish_reason: null }));
      reply.end(`${frame({ delta: {}, finish_reason: "stop" })}data: [DONE]\n\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, close };
}

/** Tells all evidence again, each piece with its mark, and names what is missing. */
function write(system: string, user: string): string {
  const copies = system.includes("Copy figures exactly");
  const cites = system.includes("Put the number of the evidence in square brackets");
  const names = system.includes("Name what is listed as missing");
  const pieces = [...user.matchAll(/<evidence ([^>]*)>\n([^]*?)\n<\/evidence>/g)].map(
    ([, head = "", text = ""]) => {
      const mark = /number="(\[\d+\])"/.exec(head)?.[1] ?? "";
      const told = copies ? text : text.replaceAll(/\d+\.\d+/g, (figure) => figure.slice(0, 2));
      return cites && mark !== "" ? `${told}\n\nSource: ${mark}` : told;
    },
  );
  const gaps = names
    ? [...user.matchAll(/asked of (\S+):[^\n]*\nMissing: (.*)/g)].map(([, who, why]) => `${who}: ${why}`)
    : [];
  return [...pieces, ...gaps].join("\n\n");
}
