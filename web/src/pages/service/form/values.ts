import type { Service } from "../../services/list";
import { declarationOf, type Parameter, parametersIn } from "./parameters";

export const ANALYSIS_TYPES = [
  ["lightcurve_fitting", "Light-curve fitting"],
  ["spectrum_fitting", "Spectrum fitting"],
  ["meta_analysis", "Meta-analysis"],
] as const;
export const INPUT_TYPES = ["photometry", "spectra", "redshift", "annotations", "comments", "classifications"] as const;
export const AUTHENTICATION_TYPES = ["none", "header_token", "api_key", "HTTPBasicAuth", "HTTPDigestAuth", "OAuth1"] as const;

/** What stands in the form of a service; credentials stand apart, for they are not kept as a draft. */
export interface Values {
  name: string;
  display_name: string;
  description: string;
  version: string;
  contact_name: string;
  contact_email: string;
  url: string;
  analysis_type: string;
  input_data_types: string[];
  timeout: string;
  authentication_type: string;
  enabled: boolean;
  upload_only: boolean;
  is_summary: boolean;
  display_on_resource_dropdown: boolean;
  group_ids: number[];
  parameters: Parameter[];
}

/** What the form begins with. */
export function valuesOf(service: Service | null): Values {
  return {
    name: service?.name ?? "",
    display_name: service && service.display_name !== service.name ? service.display_name : "",
    description: service?.description ?? "",
    version: service?.version ?? "",
    contact_name: service?.contact_name ?? "",
    contact_email: service?.contact_email ?? "",
    url: service?.url ?? "",
    analysis_type: service?.analysis_type ?? "lightcurve_fitting",
    input_data_types: service?.input_data_types ?? ["photometry", "redshift"],
    timeout: String(service?.timeout ?? 3600),
    authentication_type: service?.authentication_type ?? "none",
    enabled: service?.enabled ?? true,
    upload_only: service?.upload_only ?? false,
    is_summary: service?.is_summary ?? false,
    display_on_resource_dropdown: service?.display_on_resource_dropdown ?? true,
    group_ids: service?.groups.map((group) => group.id) ?? [],
    parameters: parametersIn(service?.optional_analysis_parameters ?? {}),
  };
}

/** The credentials that each kind of authentication takes: key, label, whether it is shown. */
export const CREDENTIALS: Record<string, [key: string, label: string, secret: boolean][]> = {
  none: [],
  header_token: [
    ["header", "Header", false],
    ["value", "Value of the header", true],
  ],
  api_key: [
    ["api_key", "API key", true],
    ["api_key_name", "Key of the document that holds it", false],
  ],
  HTTPBasicAuth: [
    ["username", "User", false],
    ["password", "Password", true],
  ],
  HTTPDigestAuth: [
    ["username", "User", false],
    ["password", "Password", true],
  ],
  OAuth1: [
    ["app_key", "App key", false],
    ["app_secret", "App secret", true],
    ["user_oauth_token", "User token", false],
    ["user_oauth_token_secret", "User token secret", true],
  ],
};

/** Returns the body of the request that saves the service; `credentials` null leaves those that are stored. */
export function bodyOf(values: Values, credentials: Record<string, string> | null): Record<string, unknown> {
  const { parameters, timeout, group_ids: groups, ...texts } = values;
  return {
    ...texts,
    name: values.name.trim(),
    url: values.url.trim(),
    display_name: values.display_name.trim() || values.name.trim(),
    timeout: Number(timeout),
    optional_analysis_parameters: declarationOf(parameters),
    ...(groups.length > 0 && { group_ids: groups }),
    ...(credentials && values.authentication_type !== "none" && { _authinfo: authinfo(values.authentication_type, credentials) }),
  };
}

function authinfo(kind: string, credentials: Record<string, string>): Record<string, unknown> {
  if (kind === "header_token") return { header_token: { [credentials["header"] || "Authorization"]: credentials["value"] ?? "" } };
  const given = (CREDENTIALS[kind] ?? []).map(([key]) => [key, credentials[key] ?? ""]);
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}
