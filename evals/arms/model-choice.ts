/** The models that arms use: any OpenAI-compatible endpoint, a large model and optionally a small one. */
import type { NamedModel } from "../flags.ts";

export interface ModelChoice extends NamedModel {
  /** For decisions; null takes the large one. */
  small: string | null;
  /** Dollars per million tokens, sent and received; without them cost stays unknown. */
  price: Price | null;
  smallPrice: Price | null;
}

export interface Price {
  input: number;
  output: number;
}

/** Settings of the configuration's `models`, for the roles that are named. */
export function modelSettings(
  choice: ModelChoice,
  roles: Partial<Record<"router" | "planner" | "synthesizer", "small" | "large">>,
): object {
  const endpoint = (size: "small" | "large") => {
    const small = size === "small" && choice.small !== null;
    const price = small ? choice.smallPrice : choice.price;
    return {
      base_url: choice.url,
      model: small ? choice.small : choice.model,
      // The key stays in the environment.
      ...(choice.keyVariable === null ? {} : { api_key: `\${${choice.keyVariable}}` }),
      ...(price === null ? {} : { price }),
    };
  };
  return Object.fromEntries(Object.entries(roles).map(([role, size]) => [role, endpoint(size)]));
}

/** `3/15`: dollars per million tokens sent and received. Throws `TypeError`. */
export function parsePrice(flag: string, text: string): Price {
  const [input, output] = text.split("/").map(Number);
  if (input !== undefined && output !== undefined && input >= 0 && output >= 0) return { input, output };
  throw new TypeError(`${flag} is two numbers like 3/15, not "${text}".`);
}
