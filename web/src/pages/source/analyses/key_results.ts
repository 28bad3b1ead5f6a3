/** The few numbers of a result that one wants to see at a glance. */

import { isNumber, significant, withError } from "../../../sky/numbers";

export interface Quantity {
  name: string;
  text: string;
}

const ERROR_NAMES = [
  (name: string) => `${name}_err`,
  (name: string) => `${name}_error`,
  (name: string) => `${name}_std`,
  (name: string) => `e_${name}`,
  (name: string) => `${name}err`,
  (name: string) => `sigma_${name}`,
];
const ERROR = /(_err|_error|_std|err)$|^(e|sigma)_/;
/** Objects of a result in which the values of parameters, or their errors, are looked for. */
const VALUES = ["parameters", "params", "best_fit", "bestfit", "medians", "values"];
const ERRORS = ["errors", "uncertainties", "parameter_errors", "std"];

/** At most so many numbers, those with errors first. */
export function keyResults(results: unknown, most = 5): Quantity[] {
  const flat = scalarsOf(results);
  for (const name of VALUES) Object.assign(flat, scalarsOf(memberOf(results, name)));
  const errors = Object.assign({}, ...ERRORS.map((name) => scalarsOf(memberOf(results, name)))) as Record<string, number>;
  const quantities = Object.entries(flat)
    .filter(([name]) => !ERROR.test(name))
    .map(([name, value]) => ({ name, value, error: errors[name] ?? ERROR_NAMES.map((of) => flat[of(name)]).find(isNumber) }));
  const measured = quantities.filter(({ error }) => error !== undefined);
  return [...measured, ...quantities.filter(({ error }) => error === undefined)]
    .slice(0, most)
    .map(({ name, value, error }) => ({ name, text: error === undefined ? significant(value, 5) : withError(value, error) }));
}

const memberOf = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);

function scalarsOf(value: unknown): Record<string, number> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, number] => isNumber(pair[1])));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
