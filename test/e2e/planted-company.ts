/** The company with a hostile text in its documents and rows, as a contributor or a customer might have left it there. */
import type {
  Company,
  CitedAnswer,
  GenieReply,
  PartAnswer,
  SqlResult,
} from "../../sandbox/company/contract.ts";

export interface Planted {
  texts: readonly string[];
}

/** Stays the caller's to close. What is planted can change between questions. */
export function plantedCompany(company: Company, planted: Planted): Company {
  const within = <T>(answer: T, plant: (answer: T, texts: readonly string[]) => T): T =>
    planted.texts.length === 0 ? answer : plant(answer, planted.texts);
  return {
    ...company,
    genie: {
      ...company.genie,
      ask: async (...asked) => within(await company.genie.ask(...asked), inReply),
    },
    knowledge: { answer: async (asked) => within(await company.knowledge.answer(asked), inDocument) },
    churn: { answer: async (asked) => within(await company.churn.answer(asked), inTables) },
    retention: { answer: async (asked) => within(await company.retention.answer(asked), inText) },
    sql: async (statement, parameters) => {
      const result = await company.sql(statement, parameters);
      return statement.includes("support_tickets") ? within(result, inRows) : result;
    },
  };
}

/** Passages of their own, cited like the others, from documents with hostile titles. */
function inDocument(answer: PartAnswer, texts: readonly string[]): PartAnswer {
  const [first] = answer.citations;
  if (first === undefined) return inText(answer, texts);
  const citations: CitedAnswer["citations"] = [...answer.citations];
  let { text } = answer;
  for (const planted of texts) {
    const start_index = text.length + 2;
    text += `\n\n${planted}`;
    citations.push({ ...first, title: planted, snippet: planted, start_index, end_index: text.length });
  }
  return { ...answer, text, citations };
}

function inText(answer: PartAnswer, texts: readonly string[]): PartAnswer {
  return { ...answer, text: [...texts, answer.text, ...texts].join("\n\n") };
}

/** In words, in the title, in suggestions, and in the rows: a customer's name, a ticket's subject. */
function inReply(reply: GenieReply, texts: readonly string[]): GenieReply {
  if (reply.query === undefined) return reply;
  const title = texts.join(" ");
  const result = inRows(reply.query.result, texts);
  return {
    ...reply,
    text: [reply.text, ...texts].join("\n\n"),
    query: { ...reply.query, title, description: title, result },
    suggested_questions: [...texts, ...reply.suggested_questions],
  };
}

/** One in the first column of text of each row. */
function inRows({ columns, rows }: SqlResult, texts: readonly string[]): SqlResult {
  const named = columns.findIndex(({ type_name }) => /CHAR|STRING/.test(type_name));
  return { columns, rows: rows.map((row, at) => row.with(Math.max(named, 0), texts[at % texts.length] ?? null)) }; // prettier-ignore
}

/** The names in the first table of `custom_outputs`, and a text after the words. */
function inTables(answer: PartAnswer, texts: readonly string[]): PartAnswer {
  const { tables = [] } = answer.custom_outputs as { tables?: { rows: unknown[][] }[] };
  const planted = tables.map(({ rows, ...table }) => ({
    ...table,
    rows: rows.map((row, at) =>
      row.with(
        row.findIndex((cell) => typeof cell === "string"),
        texts[at % texts.length],
      ),
    ),
  }));
  return {
    ...answer,
    text: [answer.text, ...texts].join("\n\n"),
    custom_outputs: { ...answer.custom_outputs, tables: planted },
  };
}
