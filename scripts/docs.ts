/** `npm run docs`: writes what is generated into the documentation. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generated, withGenerated } from "./docs/generated.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

for (const [file, text] of withGenerated(root, await generated(root))) {
  writeFileSync(join(root, file), text);
  console.log(file);
}
