/** A bounded map whose entries end after a time; the least recently used goes first. */
import type { Clock } from "./clock.ts";

export interface ExpiringCache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  /** Everything still held. */
  values(): V[];
}

export interface ExpiringCacheOptions<V> {
  ttl_ms: number;
  max_entries: number;
  /** Called for entries that expire or are pushed out, not for deleted ones. */
  onEvict?: (value: V) => void;
}

export function createExpiringCache<V>(options: ExpiringCacheOptions<V>, clock: Clock): ExpiringCache<V> {
  const entries = new Map<string, { value: V; until: number }>();

  const evict = (key: string, value: V): void => {
    entries.delete(key);
    options.onEvict?.(value);
  };

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (clock.now() >= entry.until) {
        evict(key, entry.value);
        return undefined;
      }
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value) {
      entries.delete(key);
      for (const [old, entry] of entries) {
        if (entries.size < options.max_entries && clock.now() < entry.until) break;
        evict(old, entry.value);
      }
      entries.set(key, { value, until: clock.now() + options.ttl_ms });
    },
    delete: (key) => void entries.delete(key),
    values: () => [...entries.values()].map(({ value }) => value),
  };
}
