/** The names by which faults are set and calls are read. */
export const ENDPOINTS = [
  "token",
  "scim",
  "apps",
  "app",
  "genie_mcp",
  "genie_rest",
  "serving_info",
  "ka",
  "churn",
  "chat_agent",
  "forecast",
  "model",
  "supervisor",
  "sql",
  "mcp_genie_one",
  "mcp_sql",
  "mcp_functions",
  "mcp_vector",
  "traces",
  "mlflow",
  "postgres",
] as const;

export type EndpointName = (typeof ENDPOINTS)[number];
