/** A database that writes down what it is sent. */
import type { Database, Statement, Transaction } from "../../store/database.ts";

export function recorded(database: Database, sent: Statement[]): Database {
  return {
    ...database,
    query: (sql, ...values) => {
      sent.push({ sql, values });
      return database.query(sql, ...values);
    },
    transaction: (work) => database.transaction(() => listed(work(), sent)),
  };
}

function* listed<T>(work: Transaction<T>, sent: Statement[]): Transaction<T> {
  let step = work.next();
  while (step.done !== true) {
    sent.push(step.value);
    step = work.next(yield step.value);
  }
  return step.value;
}
