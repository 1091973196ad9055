/** Tells from the SQLSTATE or the network's error code what is wrong and what helps. */
import { DatabaseError } from "pg";
import { StoreError, type StoreErrorCode } from "./store-error.ts";

/** Longest prefix wins (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const SQL_STATES: readonly [prefix: string, StoreErrorCode, advice: string][] = [
  ["08", "connection", "Check that the server runs and that the network lets us through"],
  ["57P", "connection", "The server is starting or stopping; wait for it"],
  ["25P03", "connection", "This process stood still in the middle of a transaction"],
  ["53300", "connection", "It has too many connections: lower persistence.pool_max or raise max_connections"],
  ["53100", "disk_full", "Its disk is full: free some space; nothing that was stored is lost"],
  ["40", "conflict", "Two transactions met; repeat"],
  ["55P03", "locked", "A lock was not free in time; look for a long transaction in pg_stat_activity"],
  ["28", "unauthorized", "Check the user and the password, or the credential's lifetime"],
  ["25006", "read_only", "It accepts no writes: connect to the primary server"],
  ["42501", "cannot_open", "Grant this user CREATE on the database, or ownership of the schema"],
  ["3D000", "cannot_open", "Create the database, or name another one"],
  ["3F000", "cannot_open", "Create the schema, or let this user create it"],
  ["XX001", "corrupted", "Restore it from a backup"],
  ["XX002", "corrupted", "Rebuild its indexes (REINDEX), or restore it from a backup"],
];

/** Node's codes for a certificate that is not to be trusted: waiting does not help. */
const CERTIFICATE = /^(ERR_TLS_|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** What is not the database's fault comes back as it is. */
export function postgresError(error: unknown, where: string): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error;
  const make = (code: StoreErrorCode, advice: string) =>
    new StoreError(code, `PostgreSQL at ${where}: ${error.message}. ${advice}.`, error);
  if (error instanceof DatabaseError) {
    const state = error.code ?? "";
    const known = SQL_STATES.find(([prefix]) => state.startsWith(prefix));
    // Anything else is a bug of ours; and PostgresSaver decides by the code of its own errors.
    return known === undefined ? error : make(known[1], known[2]);
  }
  // A wrong value in our own call is a bug, not the database.
  if (error instanceof TypeError || error instanceof RangeError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (CERTIFICATE.test(code)) {
    return make(
      "cannot_open",
      `Its certificate is not trusted (${code}): set sslrootcert to the authority's file`,
    );
  }
  // What remains comes from the socket, or from pg itself when a connection ended under a query: it has no code.
  return make("connection", "Check that the server runs and that the network lets us through");
}
