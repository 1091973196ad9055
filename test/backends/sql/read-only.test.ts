import { expect, it } from "vitest";
import { whyNotReadOnly } from "../../../backends/sql/read-only.ts";

it.each([
  "SELECT 1",
  "  -- a comment; with a semicolon\n SELECT 'a; DROP TABLE t' AS x;",
  "WITH a AS (SELECT 1) SELECT * FROM a",
  "(SELECT 1) UNION (SELECT 2)",
  "SELECT `update`, replace(x, 'a', 'b'), ai_query('m', :question) FROM t /* DELETE */",
  "SHOW TABLES",
  "FROM t |> SELECT a",
])("%s reads", (sql) => {
  expect(whyNotReadOnly(sql)).toBeNull();
});

it.each([
  ["DELETE FROM t", "does not begin with SELECT or WITH"],
  ["SELECT 1; DROP TABLE t", "more than one statement"],
  ["WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", "uses INSERT"],
  ["FROM x INSERT OVERWRITE t SELECT *", "uses INSERT"],
  ["EXPLAIN DELETE FROM t", "uses DELETE"],
  ["", "does not begin with SELECT or WITH"],
])("%s does not", (sql, why) => {
  expect(whyNotReadOnly(sql)).toBe(why);
});
