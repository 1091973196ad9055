/** What a question asks for, after parsing: the only thing that is compiled and the only thing that follow-ups change. */
import type { Months } from "../calendar.ts";
import type { DimensionId } from "../dimensions.ts";
import type { Slice } from "../slice.ts";
import type { AttributeId, MeasureId } from "./measures.ts";

export interface Condition {
  measure: MeasureId;
  op: ">" | ">=" | "<" | "<=" | "=";
  value: number;
}

/** How long something has lasted until today, in days: "overdue by more than 30 days". */
export interface Age {
  op: Condition["op"];
  days: number;
}

export interface Spec {
  measures: MeasureId[];
  dimensions: DimensionId[];
  /** Further columns of customers, where each row is a customer. */
  attributes: AttributeId[];
  filters: Slice[];
  customers: string[];
  /** None means each measure's usual window; two or more give a column each. */
  windows: Months[];
  compare: "previous" | "year" | null;
  /** A change is asked for as an amount, beside the percentage. */
  absolute: boolean;
  conditions: Condition[];
  age: Age | null;
  order: "high" | "low" | null;
  order_by: MeasureId | AttributeId | null;
  limit: number | null;
  /** Rows of the ranking that are passed over: "the third biggest" passes two. */
  skip: number;
  /** What is ranked within each group of the other dimensions. */
  ranked: DimensionId | null;
  share: boolean;
  /** Filters and conditions that make the part of a share; the others make its whole. */
  part: (DimensionId | MeasureId)[];
  /** The sum over the so many biggest customers. */
  biggest: number | null;
  per: MeasureId | "month" | null;
}

/** A question that the semantic layer understands but cannot answer; the message says why. */
export class Unanswerable extends Error {}
