import { ask } from "../../api/client";
import type { components } from "../../api/schema";
import { type Asked, useAsked } from "../../live/cache";
import { isFinal } from "../../parts/State";
import type { Analysis } from "./AnalysisPage";

export type Product = components["schemas"]["Product"];

/** What an analysis brought, as far as it is read; nothing is asked before it has ended. */
export function useProducts(run: Analysis): Asked<{ products: Product[] }> {
  return useAsked(
    isFinal(run.status) ? `analysis/${run.id}/products` : null,
    () => ask<{ products: Product[] }>("GET", `/api/obj/analysis/${run.id}/products`),
    (moved) => moved.id === run.id,
  );
}
