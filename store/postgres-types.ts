/** How PostgreSQL's values become ours. */
import { type CustomTypesConfig, types } from "pg";

/** PostgreSQL sends bigint as text; ours are counts and epoch milliseconds, which a number holds exactly. */
export const numbersForBigint: CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format)),
};
