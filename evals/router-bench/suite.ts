/** One public classification problem: what to learn from, what to be asked, and what belongs nowhere. */
import type { Example } from "../../routing/classifier/train.ts";

export interface Suite {
  name: string;
  train: Example[];
  /** For the temperature alone; null: part of the training set is set aside. */
  validation: Example[] | null;
  test: Example[];
  /** Questions of no class. */
  foreign: string[];
}
