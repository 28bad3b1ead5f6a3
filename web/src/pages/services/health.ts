import { ask } from "../../api/client";
import type { components } from "../../api/schema";
import { type Asked, useAsked } from "../../live/cache";

export type Health = components["schemas"]["ServiceHealth"];

/** How services have been doing, by their ids; asked for all of them at once. */
export function useHealth(ids: number[]): Asked<Record<string, Health>> {
  const text = ids.join(",");
  return useAsked(
    ids.length === 0 ? null : `health/of/${text}`,
    async () => Object.assign({}, ...(await Promise.all(portions(ids).map(healthOf)))) as Record<string, Health>,
    (run) => ids.includes(run.analysis_service_id),
  );
}

const MOST_AT_ONCE = 50;

const healthOf = (ids: number[]): Promise<Record<string, Health>> => ask("GET", "/api/analysis_health", { query: { ids: ids.join(",") } });

function portions(ids: number[]): number[][] {
  return Array.from({ length: Math.ceil(ids.length / MOST_AT_ONCE) }, (_, place) => ids.slice(place * MOST_AT_ONCE, (place + 1) * MOST_AT_ONCE));
}

/** Whether a service is sent analyses, as a word and a tone. */
export function circuitWords(health: Health): { words: string; tone: "good" | "warn" | "bad" } {
  if (health.circuit.state === "open") return { words: "paused", tone: "bad" };
  if (health.circuit.state === "half_open") return { words: "being tried", tone: "warn" };
  return health.circuit.failures > 0 ? { words: `${health.circuit.failures} failed in a row`, tone: "warn" } : { words: "in service", tone: "good" };
}
