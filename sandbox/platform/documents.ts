/** The company's documents, so that citations open in a browser. */
import { Router } from "express";
import type { SandboxState } from "../state.ts";

/** Open to anyone on loopback, as a browser that follows a citation carries no token. */
export function documentRoutes(state: SandboxState): Router {
  const router = Router();
  router.get("/documents/:file", (req, res) => {
    const found = documentText(state, req.params["file"]);
    if (found === null) res.status(404).type("text/plain").send("No such document.");
    else res.type("text/plain").send(found);
  });
  return router;
}

/** The company knows its documents by their whole URL or by their path alone. */
function documentText({ company }: SandboxState, file: string): string | null {
  const path = `/documents/${file}`;
  const listed = company.documents().find(({ url }) => url === path || url.endsWith(path));
  return company.document(listed?.url ?? path);
}
