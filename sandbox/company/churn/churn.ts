/** The churn model as an agent: ranks, explains and totals, and says what it cannot do. */
import type { AnsweringPart, Asked, PartAnswer } from "../contract.ts";
import { scopeWords, type Scope } from "../scope.ts";
import { ignoredWords, isWithin } from "../restrictions.ts";
import { inSlice } from "../slice.ts";
import { intentOf } from "./intents.ts";
import { HORIZON, aboutModel, driverTable, modelCard, quality } from "./model-card.ts";
import { rankCustomers } from "./ranking.ts";
import type { Said } from "./said.ts";
import type { Score, Scores } from "./scores.ts";
import { totalRisk } from "./totals.ts";

export function createChurn(scores: Scores, readScope: (asked: Asked) => Scope): AnsweringPart {
  return {
    async answer(asked): Promise<PartAnswer> {
      const scope = readScope(asked);
      const said = say(asked.question, scores, scope);
      const { tables } = said;
      const text = [said.text, ...ignoredWords([...scope.ignored, ...scope.strangers])].join("\n");
      return { text, citations: [], custom_outputs: { tables, model: modelCard(scores.model) } };
    },
  };
}

function say(question: string, scores: Scores, scope: Scope): Said {
  const pool = scores.ranked.filter(
    (s) => isWithin(s.mrr, scope.mrr) && scope.slices.every((slice) => inSlice(s.customer, slice)),
  );
  const isNamed = scope.customers.length > 0;
  const [stranger] = scope.strangers;
  if (stranger !== undefined && !isNamed && scope.slices.length === 0)
    return only(`I know no customer and no group of customers called "${stranger}". ${HORIZON}`);
  const isScoped = scope.slices.length > 0 || scope.count !== null;
  switch (intentOf(question, isScoped, isNamed)) {
    case "what-if":
      return only(`I score customers as they are and cannot say what an action would change. ${HORIZON}`);
    case "other":
      return only(
        `I can only answer questions about churn: who is likely to leave, why, and how much MRR is at risk. ${HORIZON}`,
      );
    case "model":
      return { text: aboutModel(scores), tables: [driverTable(scores.model)] };
    case "drivers":
      return overallDrivers(scores, pool, scope);
    case "totals":
      return totalRisk(question, scores, pool, scope);
    default:
      return rankCustomers(question, scores, pool, scope);
  }
}

function only(text: string): Said {
  return { text, tables: [] };
}

function overallDrivers(scores: Scores, pool: readonly Score[], { slices, mrr }: Scope): Said {
  const table = driverTable(scores.model, pool, slices.length > 0);
  const top = table.rows.slice(0, 5).map((row) => `- ${row[0]} (weight ${row[1]}): ${row[3]}`);
  const head = `What drives churn among ${scopeWords(slices, mrr)}, strongest first:`;
  return { text: [head, ...top, quality(scores)].join("\n"), tables: [table] };
}
