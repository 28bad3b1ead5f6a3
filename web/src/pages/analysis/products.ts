import { ask } from "../../api/client";
import { type Asked, useAsked } from "../../live/cache";
import { isFinal } from "../../parts/State";
import type { Analysis } from "./AnalysisPage";

export interface Product {
  kind: "results" | "plot" | "corner" | "inference_data" | "posterior";
  number?: number | null;
  state: "ready" | "waiting" | "failed";
  problem?: string | null;
  bytes?: number | null;
  media_type?: string | null;
  url: string;
}

/** What an analysis brought, as far as it is read; nothing is asked before it has ended. */
export function useProducts(run: Analysis): Asked<{ products: Product[] }> {
  return useAsked(
    isFinal(run.status) ? `analysis/${run.id}/products` : null,
    () => ask<{ products: Product[] }>("GET", `/api/obj/analysis/${run.id}/products`),
    (moved) => moved.id === run.id,
  );
}
