import { ask } from "../../../api/client";
import type { components } from "../../../api/schema";
import type { Field } from "../../../form/fields";
import { type Asked, useAsked } from "../../../live/cache";

/** The declared parameters of a service as typed fields. */
export const useForm = (service: number | null): Asked<{ fields: Field[] }> =>
  useAsked(service === null ? null : `form/${service}`, () => ask<{ fields: Field[] }>("GET", `/api/analysis_service/${service}/form`));

/** How long the service takes as a rule, in seconds. */
export function useUsualDuration(service: number | null): number | null {
  const { data } = useAsked(service === null ? null : `health/${service}`, () =>
    ask<components["schemas"]["ServiceHealth"]>("GET", `/api/analysis_service/${service}/health`),
  );
  return data?.seconds.median ?? null;
}
