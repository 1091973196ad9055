import { describe, expect, it } from "vitest";
import { homePage, withAddress } from "../../backends/evidence/home-page.ts";
import { BackendConfig } from "../../config/schema.ts";

function page(kind: string, target: string): string | undefined {
  const config = {
    name: "b",
    kind,
    target,
    description: "Answers something.",
    statements: undefined as unknown,
  };
  if (kind === "sql") config.statements = [{ name: "s", description: "d", sql: "SELECT 1" }];
  else delete config.statements;
  return homePage(BackendConfig.parse(config), "https://w.example");
}

describe("homePage", () => {
  it.each([
    ["app", "agent x", "https://w.example/apps/agent%20x"],
    ["genie", "01f0", "https://w.example/genie/rooms/01f0"],
    ["knowledge_assistant", "ka", "https://w.example/ml/endpoints/ka"],
    ["serving_endpoint", "churn", "https://w.example/ml/endpoints/churn"],
    ["sql", "abc", "https://w.example/sql/warehouses/abc"],
    ["mcp", "/api/2.0/mcp/sql", "https://w.example/api/2.0/mcp/sql"],
    ["mcp", "https://other.example/mcp", "https://other.example/mcp"],
  ])("of %s %s is %s", (kind, target, url) => {
    expect(page(kind, target)).toBe(url);
  });
});

describe("withAddress", () => {
  it("keeps the address that the backend gave", () => {
    const own = { kind: "text" as const, title: "t", text: "x", url: "https://own.example/" };
    expect(withAddress(own, "https://w.example/").url).toBe("https://own.example/");
    expect(withAddress({ ...own, url: undefined }, "https://w.example/").url).toBe("https://w.example/");
  });
});
