/** Reads the documents and cuts them into sections, the units of retrieval and citation. */
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

export interface Section {
  id: string;
  file: string;
  /** Title of the document. */
  document: string;
  heading: string;
  /** `/documents/<file>#<anchor>`; the wire puts the host in front. */
  url: string;
  text: string;
}

export interface Library {
  documents: { title: string; url: string; text: string }[];
  sections: Section[];
}

export async function readLibrary(folder: string): Promise<Library> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md")).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  const documents = files.map((file, i) => ({
    title: titleOf(texts[i] ?? ""),
    url: `/documents/${file}`,
    text: texts[i] ?? "",
  }));
  return { documents, sections: documents.flatMap(sectionsOf) };
}

function sectionsOf({ title, url, text }: Library["documents"][number]): Section[] {
  const file = url.slice("/documents/".length);
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [heading = "", ...lines] = part.split("\n");
      const anchor = heading
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\d]+/gu, "-");
      return {
        id: `${file}#${anchor}`,
        file,
        document: title,
        heading: heading.trim(),
        url: `${url}#${anchor}`,
        text: lines.join("\n").trim(),
      };
    });
}

function titleOf(text: string): string {
  return /^# (.+)$/m.exec(text)?.[1]?.trim() ?? "Untitled";
}
