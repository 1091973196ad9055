/** One judgement of an answer, by a person, a model or code, as MLflow words it (contracts section 7). */

export type AssessmentValue = boolean | number | string | string[];

export interface Assessment {
  /** Without dots; the same name on the same trace is the same question. */
  name: string;
  source: { source_type: "HUMAN" | "LLM_JUDGE" | "CODE"; source_id: string };
  value: AssessmentValue;
  rationale?: string;
  metadata?: Record<string, string>;
  /** Of the step that is meant; without it the whole answer. */
  span_id?: string;
}

/** Where judgements go beside our own database. */
export interface AssessmentTarget {
  readonly name: string;
  /**
   * Sends it, or changes the one that it sent before; resolves with its id there. `trace` is OpenTelemetry's hex id,
   * `run_id` the run's.
   */
  send(
    about: { trace: string; run_id: string },
    assessment: Assessment,
    before: string | null,
  ): Promise<string>;
}
