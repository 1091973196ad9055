/** A number as it stands in a text: where, how much, and how exactly it is stated. */
export interface NumberMention {
  /** UTF-16 position of the first character, sign and currency included. */
  start: number;
  /** End, exclusive; unit included. */
  end: number;
  text: string;
  /** Scale words applied: `1.2 million` is 1,200,000. `42 %` stays 42. */
  value: number;
  /** Weight of the last stated digit: 0.1 for `3.4`, 100,000 for `1.2 million`. */
  step: number;
  percent: boolean;
  currency: boolean;
  /** Written in parentheses, which may mean negative. */
  parenthesised: boolean;
  /** Preceded by "about", "nearly" or the like. */
  approximate: boolean;
}
