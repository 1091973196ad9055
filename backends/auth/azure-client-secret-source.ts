/** A Microsoft Entra service principal (ARM_CLIENT_ID, ARM_CLIENT_SECRET, ARM_TENANT_ID). */
import type { Secret } from "./secret.ts";
import type { TokenRequests } from "./token-request.ts";
import type { TokenSource } from "./token-source.ts";

/** The application id of Azure Databricks, the same in every tenant. */
export const AZURE_DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";

export function createAzureClientSecretSource(
  tenant_id: string,
  client_id: string,
  client_secret: Secret,
  requests: TokenRequests,
): TokenSource {
  const url = `https://login.microsoftonline.com/${encodeURIComponent(tenant_id)}/oauth2/v2.0/token`;
  return {
    auth_type: "azure-client-secret",
    fetch: (signal) =>
      requests.token(
        url,
        {
          grant_type: "client_credentials",
          client_id,
          client_secret: client_secret.reveal(),
          scope: `${AZURE_DATABRICKS}/.default`,
        },
        null,
        signal,
      ),
  };
}
