/** What a page complains of in its console; refused requests are the business of the tests themselves. */
import type { Page } from "playwright-core";

export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4|5)\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  return complaints;
}
