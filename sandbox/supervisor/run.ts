/** What the supervisor does with its tools: it asks every one of them and joins the answers. */
import type { Asked, Company, PartAnswer } from "../company/contract.ts";

export type Tool = { type: string } & Record<string, unknown>;

export interface SupervisorResult {
  answer: PartAnswer;
  /** Calls and their outputs, in order. */
  items: object[];
}

const TOOLS: Record<string, (company: Company, id: string, asked: Asked) => Promise<PartAnswer>> = {
  genie_space: async ({ genie }, id, { question }) => {
    const { text } = await genie.ask(id, question);
    return { text, citations: [], custom_outputs: {} };
  },
  knowledge_assistant: ({ knowledge }, _id, asked) => knowledge.answer(asked),
  uc_function: ({ churn }, _id, asked) => churn.answer(asked),
  app: ({ retention }, _id, asked) => retention.answer(asked),
};

/** Each tool sees the answers of those before it as context. */
export async function runTools(
  company: Company,
  id: string,
  asked: Asked,
  tools: Tool[],
): Promise<SupervisorResult> {
  const answer: PartAnswer = { text: "", citations: [], custom_outputs: {} };
  const items: object[] = [];
  for (const [index, { type }] of tools.entries()) {
    const ask = TOOLS[type];
    if (!ask) continue;
    const context = answer.text ? [...asked.context, answer.text] : asked.context;
    const part = await ask(company, id, { question: asked.question, context });
    const call_id = `call_${index}`;
    const call = { type: "function_call", id: `fc_${index}`, call_id, name: type, status: "completed" };
    items.push({ ...call, arguments: JSON.stringify({ question: asked.question }) });
    items.push({ type: "function_call_output", call_id, output: part.text });
    append(answer, part);
  }
  return { answer, items };
}

function append(answer: PartAnswer, part: PartAnswer): void {
  if (answer.text) answer.text += "\n\n";
  const offset = answer.text.length;
  answer.text += part.text;
  for (const one of part.citations) {
    answer.citations.push({
      ...one,
      start_index: one.start_index + offset,
      end_index: one.end_index + offset,
    });
  }
  Object.assign(answer.custom_outputs, part.custom_outputs);
}
