/** Ends the sessions of processes of this machine that are gone, so that a restart after a crash need not wait. */
import type { Database } from "./database.ts";

/** Only for SQLite: there all processes share one machine, where a process id tells whether its process lives. */
export async function endDeadNeighbours(database: Database, host: string): Promise<void> {
  if (database.kind !== "sqlite") return;
  const { rows } = await database.query(`SELECT id, pid FROM @sessions WHERE host = ?`, host);
  for (const row of rows) {
    if (!isAlive(Number(row["pid"])))
      await database.query(`DELETE FROM @sessions WHERE id = ?`, row["id"] ?? null);
  }
}

/** Signal 0 only asks. A process that we may not signal (EPERM) lives. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
