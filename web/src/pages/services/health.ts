import { ask } from "../../api/client";
import type { components } from "../../api/schema";
import { type Asked, useAsked } from "../../live/cache";

export type Health = components["schemas"]["ServiceHealth"];

/** How services have been doing, by their ids; asked for all of them at once. */
export function useHealth(ids: number[]): Asked<Record<string, Health>> {
  const text = ids.join(",");
  return useAsked(
    ids.length === 0 ? null : `health/of/${text}`,
    async () => byId(await ask<unknown>("GET", "/api/analysis_health", { query: { ids: text } })),
    (run) => ids.includes(run.analysis_service_id),
  );
}

/** Takes either form of the answer: an object by id, or a list whose items name their service. */
function byId(data: unknown): Record<string, Health> {
  if (!Array.isArray(data)) return ((data as { services?: unknown }).services ?? data) as Record<string, Health>;
  return Object.fromEntries((data as (Health & { id: number })[]).map((health) => [String(health.id), health]));
}

/** Whether a service is sent analyses, as a word and a tone. */
export function circuitWords(health: Health): { words: string; tone: "good" | "warn" | "bad" } {
  if (health.circuit.state === "open") return { words: "paused", tone: "bad" };
  if (health.circuit.state === "half_open") return { words: "being tried", tone: "warn" };
  return health.circuit.failures > 0 ? { words: `${health.circuit.failures} failed in a row`, tone: "warn" } : { words: "in service", tone: "good" };
}
