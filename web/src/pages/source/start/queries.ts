import { ask } from "../../../api/client";
import type { Field } from "../../../form/fields";
import { type Asked, useAsked } from "../../../live/cache";

export interface Service {
  id: number;
  name: string;
  display_name: string | null;
  description: string | null;
  analysis_type: string;
  input_data_types: string[];
  enabled: boolean;
  upload_only: boolean;
  is_summary: boolean;
  display_on_resource_dropdown: boolean;
}

interface Health {
  seconds: { median: number | null; percentile_95: number | null };
}

export const useServices = (): Asked<Service[]> => useAsked("services", () => ask<Service[]>("GET", "/api/analysis_service"));

/** The declared parameters of a service as typed fields. */
export const useForm = (service: number | null): Asked<{ fields: Field[] }> =>
  useAsked(service === null ? null : `form/${service}`, () => ask<{ fields: Field[] }>("GET", `/api/analysis_service/${service}/form`));

/** How long the service takes as a rule, in seconds. */
export function useUsualDuration(service: number | null): number | null {
  const { data } = useAsked(service === null ? null : `health/${service}`, () =>
    ask<Health>("GET", `/api/analysis_service/${service}/health`),
  );
  return data?.seconds.median ?? null;
}
