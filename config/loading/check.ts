/** A check of what no single value shows: from a draft to the problems in it. */
import type { Draft } from "./draft.ts";
import type { Finding } from "./problem-at.ts";

export type Check = (draft: Draft) => ({ path: (string | number)[] } & Finding)[];
