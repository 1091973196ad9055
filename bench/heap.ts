/** What a process holds after a full garbage collection, asked over its inspector. */
import { once } from "node:events";
import { WebSocket } from "ws";

/** Megabytes of heap in use. `inspector` is `Child.inspector`. */
export async function heapAfterCollection(inspector: string): Promise<number> {
  const socket = new WebSocket(inspector);
  await once(socket, "open");
  const call = async (id: number, method: string): Promise<Record<string, unknown>> => {
    socket.send(JSON.stringify({ id, method }));
    for (;;) {
      const [data] = (await once(socket, "message")) as [Buffer];
      const reply = JSON.parse(data.toString()) as { id?: number; result?: Record<string, unknown> };
      if (reply.id === id) return reply.result ?? {};
    }
  };
  try {
    await call(1, "HeapProfiler.collectGarbage");
    const { usedSize } = await call(2, "Runtime.getHeapUsage");
    return Number(usedSize) / 1e6;
  } finally {
    socket.close();
  }
}
