/** The configuration on trial: the live one with what `routing.shadow` names in its place. */
import type { OrchestratorConfig } from "../config/schema.ts";

/** Null without `routing.shadow`. */
export function candidateConfig(config: OrchestratorConfig): OrchestratorConfig | null {
  const { shadow } = config.routing;
  if (shadow === undefined) return null;
  const { share: _share, descriptions = {}, ...named } = shadow;
  // A threshold on trial is meant, whatever the live calibration says.
  const calibration = named.threshold === undefined ? {} : { calibration_file: undefined };
  return {
    ...config,
    backends: config.backends.map((backend) => ({
      ...backend,
      description: descriptions[backend.name] ?? backend.description,
    })),
    routing: { ...config.routing, ...calibration, ...named },
  };
}

/** Whether it learns from other texts than the live one, so that a classifier of its own has to be trained. */
export function learnsAnew({ routing: { shadow } }: OrchestratorConfig): boolean {
  return [shadow?.promoted_file, shadow?.other_examples, shadow?.descriptions].some(
    (named) => named !== undefined,
  );
}
