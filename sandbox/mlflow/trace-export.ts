/** One OTLP export as the sandbox keeps it. */
export interface TraceExport {
  at: number;
  path: string;
  subject: string | null;
  experiment_id: string;
  /** Unity Catalog table; null on the MLflow path. */
  table: string | null;
  /** The ExportTraceServiceRequest, base64. */
  body: string;
}
