import type { Field, Kind } from "../../../form/fields";

/** A declared parameter as the builder has it: everything as it was typed. */
export interface Parameter {
  name: string;
  kind: Kind;
  label: string;
  required: boolean;
  choices: string;
  default: string;
  min: string;
  max: string;
  /** What the declaration says besides: kept as it is. */
  rest: Record<string, unknown>;
}

type Declaration = Record<string, unknown> | unknown[];

export const NEW_PARAMETER: Parameter = { name: "", kind: "number", label: "", required: false, choices: "", default: "", min: "", max: "", rest: {} };

const KNOWN = ["type", "enum", "default", "label", "required", "min", "max", "step", "minimum", "maximum"];
const SWITCH = ["True", "False"];

/** Reads what a service declares, an object or its text. */
export function parametersIn(declared: Record<string, unknown> | string): Parameter[] {
  const object = typeof declared === "string" ? (JSON.parse(declared || "{}") as Record<string, unknown>) : declared;
  return Object.entries(object).map(([name, declaration]) => parameterOf(name, declaration as Declaration));
}

function parameterOf(name: string, declaration: Declaration): Parameter {
  const given: Record<string, unknown> = Array.isArray(declaration) ? { enum: declaration } : (declaration ?? {});
  const choices = Array.isArray(given["enum"]) ? (given["enum"] as unknown[]) : null;
  const isSwitch = given["type"] === "boolean" || (choices !== null && choices.length === 2 && SWITCH.every((word) => choices.map(String).includes(word)));
  const text = (key: string, other = key): string => (given[key] ?? given[other] ?? "") as string;
  return {
    ...NEW_PARAMETER,
    name,
    kind: isSwitch ? "boolean" : choices ? "choice" : kindOf(given["type"]),
    label: String(given["label"] ?? ""),
    required: given["required"] === true,
    choices: choices && !isSwitch ? choices.join(", ") : "",
    default: given["default"] === undefined ? "" : String(given["default"]),
    min: String(text("min", "minimum")),
    max: String(text("max", "maximum")),
    rest: Object.fromEntries(Object.entries(given).filter(([key]) => !KNOWN.includes(key) || key === "step")),
  };
}

function kindOf(type: unknown): Kind {
  return type === "number" || type === "file" ? type : type === "integer" ? "number" : "text";
}

/** Writes the declarations as SkyPortal reads them: a list of choices, or an object with a type. */
export function declarationOf(parameters: readonly Parameter[]): Record<string, Declaration> {
  return Object.fromEntries(parameters.filter(({ name }) => name.trim()).map((parameter) => [parameter.name.trim(), declared(parameter)]));
}

function declared(parameter: Parameter): Declaration {
  const { kind, rest } = parameter;
  const facts: Record<string, unknown> = {
    ...rest,
    ...(parameter.label.trim() && { label: parameter.label.trim() }),
    ...(parameter.required && { required: true }),
    ...(parameter.default.trim() && { default: typed(kind, parameter.default.trim()) }),
    ...(kind === "number" && parameter.min.trim() && { min: Number(parameter.min) }),
    ...(kind === "number" && parameter.max.trim() && { max: Number(parameter.max) }),
  };
  if (kind === "boolean") return { type: "boolean", ...facts };
  if (kind !== "choice") return { type: kind === "text" ? "string" : kind, ...facts };
  const choices = choicesOf(parameter);
  return Object.keys(facts).length === 0 ? choices : { type: choices.every((choice) => typeof choice === "number") ? "number" : "string", enum: choices, ...facts };
}

/** Numbers only if all choices are numbers: "3, 4" is, "v3, 4" is not. */
export function choicesOf({ choices }: Parameter): (string | number)[] {
  const texts = choices.split(",").flatMap((part) => part.trim() || []);
  return texts.length > 0 && texts.every((text) => Number.isFinite(Number(text))) ? texts.map(Number) : texts;
}

function typed(kind: Kind, text: string): unknown {
  if (kind === "boolean") return /^(true|yes|1)$/i.test(text);
  return (kind === "number" || kind === "choice") && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The fields of the start form that the declarations will give. */
export function previewOf(parameters: readonly Parameter[]): Field[] {
  return parameters
    .filter(({ name }) => name.trim())
    .map((parameter) => ({
      name: parameter.name.trim(),
      kind: parameter.kind,
      label: parameter.label.trim() || parameter.name.trim(),
      required: parameter.required,
      ...(parameter.kind === "choice" && { choices: choicesOf(parameter) }),
      ...(parameter.default.trim() && { default: typed(parameter.kind, parameter.default.trim()) }),
      ...(parameter.min.trim() && { min: Number(parameter.min) }),
      ...(parameter.max.trim() && { max: Number(parameter.max) }),
    }));
}
