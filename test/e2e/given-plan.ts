/** A plan as a client gives it in `custom_inputs.plan`: steps side by side, or one after the other. */
export interface GivenStep {
  backend: string;
  question: string;
  depends_on?: string[];
  context_from?: string[];
}

export function planOf(steps: GivenStep[]): object {
  return {
    kind: "plan",
    steps: steps.map((step, at) => ({ id: `s${at + 1}`, ...step })),
    decision: { tier: "given" },
  };
}
