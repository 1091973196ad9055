/** Asks a custom model: `dataframe_records` with the question in one column, else `inputs`. */
import type { BackendConfigOf } from "../../config/schema.ts";
import type { AnswerDraft } from "../answer-draft.ts";
import type { Cell, Evidence, Json } from "../backend.ts";
import type { Asking } from "../create-backend.ts";
import { BackendError } from "../errors.ts";
import { fault } from "../fault.ts";
import type { Channel } from "../http/channel.ts";
import { asObject, asObjects } from "../json-fields.ts";
import type { Services } from "../services.ts";

export type InputForm = "dataframe_records" | "inputs";

/** Models with a signature of columns take the first form, models over plain text only the second. */
export async function askCustomModel(
  config: BackendConfigOf<"serving_endpoint">,
  services: Services,
  channel: Channel,
  asking: Asking,
  form: { current: InputForm },
): Promise<AnswerDraft> {
  try {
    return await send(form.current);
  } catch (error) {
    if (!(error instanceof BackendError) || error.code !== "rejected") throw error;
    const other = form.current === "inputs" ? "dataframe_records" : "inputs";
    const draft = await send(other).catch(() => null);
    if (draft === null) throw error;
    form.current = other;
    return draft;
  }

  async function send(input: InputForm): Promise<AnswerDraft> {
    const { question } = asking.request;
    const payload: Json =
      input === "inputs"
        ? { inputs: [question] }
        : { dataframe_records: [{ [config.input_column]: question }] };
    const body = await channel.call(
      asking.scope,
      {
        operation: "invocations",
        method: "POST",
        url: `${services.host}/serving-endpoints/${encodeURIComponent(config.target)}/invocations`,
        body: JSON.stringify(payload),
        repeatable: !config.writes,
      },
      (reply) => reply.json(),
    );
    const predictions = asObject(body)?.["predictions"];
    if (predictions === undefined) throw fault("malformed", { backend: config.name });
    return predictionDraft(config.name, predictions, payload);
  }
}

/** Plain values are the text; records are a table as well. */
function predictionDraft(backend: string, predictions: Json, payload: Json): AnswerDraft {
  const values = Array.isArray(predictions) ? predictions : [predictions];
  const records = asObjects(values);
  const text = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join("\n");
  if (records.length === 0 || records.length < values.length) {
    return { text, evidence: [{ kind: "text", title: `${backend}: prediction`, text }], payload };
  }
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const table: Evidence = {
    kind: "table",
    title: `${backend}: predictions`,
    columns: names.map((name) => ({ name, type: "" })),
    rows: records.map((record) => names.map((name) => cell(record[name]))),
    row_count: records.length,
    truncated: false,
  };
  return { text, evidence: [table], payload };
}

function cell(value: Json | undefined): Cell {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : value;
}
