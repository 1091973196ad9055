/** What each fixed node does, in one sentence, for whoever looks at the graph. Backend nodes carry their own words. */

const DESCRIPTIONS = {
  classify: "Turns the question, in the light of the conversation, into a plan.",
  clarify: "Asks back once, with options, and takes the reply up.",
  dispatch: "Starts every step whose inputs are there, and is reached again when they are done.",
  approve: "Stops for a person's word on what would be sent.",
  synthesize: "Writes the answer from what was found, with citations.",
  verify: "Checks numbers and citations of the answer against the evidence.",
} as const;

/** Options for `addNode`. */
export function described(node: keyof typeof DESCRIPTIONS) {
  return { metadata: { description: DESCRIPTIONS[node] } };
}
