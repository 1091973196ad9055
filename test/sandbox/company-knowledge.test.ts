import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Company, PartAnswer } from "../../sandbox/company/contract.ts";
import { openCompany } from "./company-fixture.ts";

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const ask = (question: string): Promise<PartAnswer> => company.knowledge.answer({ question, context: [] });

describe("the knowledge assistant", () => {
  it.each([
    ["What does the retention playbook say about low usage?", "retention-playbook.md#plays-by-churn-driver", "Adoption sprint"],
    ["Which play should we run when a customer evaluates a competitor?", "retention-playbook.md#plays-by-churn-driver", "Competitive defence"],
    ["How many plays may an account get?", "retention-playbook.md#choosing-plays", "at most two plays"],
    ["How large may a discount for mid-market be?", "discount-policy.md#limits-by-segment", "15 %"],
    ["Who must approve a discount of 18 %?", "discount-policy.md#approval-of-discounts", "Chief Revenue Officer"],
    ["What is the list price of the Advanced plan?", "pricing-policy.md#list-prices", "42"],
    ["Can customers get their money back within the first 30 days?", "refund-policy.md#first-30-days", "30 days"],
    ["How fast do we have to respond to critical tickets?", "service-level-agreement.md#response-and-resolution-times", "30 minutes"],
    ["What availability do we promise?", "service-level-agreement.md#availability", "99.9 %"],
    ["When are invoices written off?", "invoicing-and-payment-terms.md#write-offs", "180 days"],
    ["What is the notice period of enterprise contracts?", "contract-termination-policy.md#ordinary-notice", "90 days"],
    ["What are the phases of onboarding?", "customer-onboarding-guide.md#phases", "Kick-off"],
    ["How often is a level 1 incident updated?", "incident-communication-plan.md#rhythm", "30 minutes"],
    ["How soon do we report a personal data breach?", "data-processing-agreement.md#breach-notification", "48 hours"],
    ["How much may a hotel cost on a business trip?", "travel-and-expenses-policy.md#hotels-and-meals", "220 USD"],
    ["What uptime do we promise?", "service-level-agreement.md#availability", "99.95 %"],
    ["margin of gold partners", "partner-program.md#levels", "20 %"],
    ["May I accept a gift from a supplier?", "gifts-and-entertainment-policy.md#limits", "50 USD"],
    ["API rate limit of the Standard plan per minute", "api-usage-limits.md#rate-limits", "120"],
  ])("finds %j in %s", async (question, place, fact) => {
    const { citations, text } = await ask(question);
    expect(citations.map((c) => c.url)).toContain(`/documents/${place}`);
    expect(text).toContain(fact);
  });

  it("cites at most four passages with title, URL and position of what it took from them", async () => {
    for (const question of ["retention playbook steps for billing problems", "discount approval", "security of customer data"]) {
      const { citations, text } = await ask(question);
      expect(citations.length).toBeGreaterThan(0);
      expect(citations.length).toBeLessThanOrEqual(4);
      for (const citation of citations) {
        expect(text.slice(citation.start_index, citation.end_index)).toBe(citation.snippet);
        expect(citation.title).toMatch(/^.+ – .+$/);
        expect(company.document(citation.url)).toContain(`# ${citation.title.split(" – ")[0]}`);
      }
    }
  });

  it.each(["What is the best pizza in Naples?", "Who won the world cup?", "xyzzy", "What is the MRR of Otterquarry Press?", "How tall is the Eiffel tower?"])("says that nothing is found for %j", async (question) => {
    const { citations, text } = await ask(question);
    expect(citations).toEqual([]);
    expect(text).toContain("found nothing");
  });

  it("has at least 40 documents of 150 words and more, each in several sections", () => {
    const documents = company.documents();
    expect(documents.length).toBeGreaterThanOrEqual(40);
    for (const { url, title } of documents) {
      const text = company.document(url) ?? "";
      expect(text.startsWith(`# ${title}\n`)).toBe(true);
      expect(text.split(/\s+/).length).toBeGreaterThan(150);
      expect(text.match(/^## /gm)?.length).toBeGreaterThan(3);
    }
  });
}); // prettier-ignore
