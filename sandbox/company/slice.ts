/** A slice of the customer base or of a table: one dimension, some of its values, or all but them. */
import { dimension, type DimensionId } from "./dimensions.ts";
import type { Customer } from "./directory.ts";

export interface Slice {
  dimension: DimensionId;
  /** `any` stands for every value there is. */
  values: string[];
  negated: boolean;
}

export function inSlice(customer: Customer, { dimension: id, values, negated }: Slice): boolean {
  const value = cellOf(customer, id);
  return (values.includes(value) || (values.includes("any") && value !== "")) !== negated;
}

/** A customer's value in a dimension; empty where there is none. */
export function cellOf(customer: Customer, id: DimensionId): string {
  const column = dimension(id).column;
  return (
    Object.entries(customer)
      .find(([name]) => name === column)?.[1]
      ?.toString() ?? ""
  );
}

/** "EMEA", "not Germany or France", "without executive sponsor". */
export function sliceWords({ dimension: id, values, negated }: Slice): string {
  if (id === "executive_sponsor")
    return `${(values[0] === "true") !== negated ? "with" : "without"} executive sponsor`;
  if (values.includes("any")) return `${negated ? "without" : "with"} ${dimension(id).label}`;
  return `${negated ? "not " : ""}${values.join(" or ")}`;
}
