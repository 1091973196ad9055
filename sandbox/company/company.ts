/** Makes the company: its data, the four parts that answer for it, and SQL for the truth. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createChurn } from "./churn/churn.ts";
import { CHURN_MODEL } from "./churn/fit.ts";
import { loadScores } from "./churn/scores.ts";
import type { Company } from "./contract.ts";
import { query } from "./data/query.ts";
import { readOnlySql } from "./data/read-only-sql.ts";
import { openWarehouse } from "./data/warehouse.ts";
import { loadDirectory } from "./directory.ts";
import { createGenie } from "./genie/genie.ts";
import { createKnowledge } from "./knowledge/knowledge.ts";
import { readLibrary } from "./knowledge/library.ts";
import { readPlaybook } from "./retention/playbook.ts";
import { createRetention } from "./retention/retention.ts";
import { createScopeReader } from "./scope.ts";

const DOCUMENTS = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "documents");

export interface CompanyOptions {
  seed?: number;
  /** Folder of the database file; made when missing. */
  cacheDir?: string;
}

export async function createCompany(options: CompanyOptions = {}): Promise<Company> {
  const { seed = 7, cacheDir = ".data/sandbox" } = options;
  const [warehouse, library] = await Promise.all([
    openWarehouse(cacheDir, seed, CHURN_MODEL),
    readLibrary(DOCUMENTS),
  ]);
  const connection = await warehouse.connect();
  const directory = await loadDirectory(connection);
  const scores = await loadScores(connection, directory);
  const readScope = createScopeReader(directory);
  return {
    genie: createGenie((sql) => query(connection, sql), directory),
    knowledge: createKnowledge(library),
    churn: createChurn(scores, readScope),
    retention: createRetention(scores, readPlaybook(library), readScope),
    sql: (statement, parameters) => readOnlySql(connection, statement, parameters),
    documents: () => library.documents.map(({ title, url }) => ({ title, url })),
    document: (url) => library.documents.find((d) => d.url === pathOf(url))?.text ?? null,
    async close() {
      connection.closeSync();
      warehouse.close();
    },
  };
}

/** The path of a document's URL, with or without host and anchor. */
function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]+/, "").replace(/#.*$/, "");
}
