/** Models of completed fits: magnitudes over MJD with the bounds of the middle 68 %, by filter. */

import { dateTime } from "../../formats";
import { isNumber } from "../../sky/numbers";

export interface ModelPoint {
  mjd: number;
  median: number;
  low: number | null;
  high: number | null;
}

export interface Model {
  runId: number;
  /** The service, and the model's name where it says one. */
  name: string;
  curves: Map<string, ModelPoint[]>;
}

/** A record of the list of an object's analyses, as far as models need it. */
export interface RunWithModel {
  id: number;
  status: string;
  created_at: string;
  analysis_service_name?: string | null;
  model_name?: string | null;
  model_lightcurve?: unknown;
  model_lightcurves?: unknown;
}

/** The models of a run; none if it has not completed or what it sent is not readable as curves. */
export function modelsOf(run: RunWithModel): Model[] {
  if (run.status !== "completed") return [];
  const service = run.analysis_service_name ?? `analysis ${run.id}`;
  const one = curvesOf(run.model_lightcurve);
  const named = isObject(run.model_lightcurves)
    ? Object.entries(run.model_lightcurves).map(([name, curves]) => [name, curvesOf(curves)] as const)
    : [];
  return [[run.model_name ?? "", one] as const, ...named]
    .filter(([, curves]) => curves.size > 0)
    .map(([name, curves]) => ({ runId: run.id, name: name ? `${service}: ${name}` : service, curves }));
}

/** The models of several runs; names that runs share are told apart by when these were started, or by the runs' numbers. */
export function modelsOfAll(runs: readonly RunWithModel[]): Model[] {
  const models = runs.flatMap((run) => modelsOf(run).map((model) => ({ model, started: dateTime(run.created_at) })));
  return models.map(({ model, started }) => {
    const like = models.filter((other) => other.model.name === model.name && other.model.runId !== model.runId);
    const apart = like.some((other) => other.started === started) ? `analysis ${model.runId}` : started;
    return like.length > 0 ? { ...model, name: `${model.name}, ${apart}` } : model;
  });
}

/** The magnitude at a time, by straight lines between the points; null outside of them. */
export function modelAt(curve: readonly ModelPoint[], mjd: number): number | null {
  const after = curve.findIndex((point) => point.mjd >= mjd);
  const right = curve[after];
  if (!right) return null;
  if (right.mjd === mjd) return right.median;
  const left = curve[after - 1];
  return left ? left.median + ((right.median - left.median) * (mjd - left.mjd)) / (right.mjd - left.mjd) : null;
}

function curvesOf(value: unknown): Map<string, ModelPoint[]> {
  const curves = new Map<string, ModelPoint[]>();
  if (!isObject(value)) return curves;
  for (const [filter, rows] of Object.entries(value)) {
    const points = Array.isArray(rows) ? rows.flatMap(pointOf).sort((a, b) => a.mjd - b.mjd) : [];
    if (points.length > 0) curves.set(filter, points);
  }
  return curves;
}

function pointOf(row: unknown): ModelPoint[] {
  if (!Array.isArray(row) || !isNumber(row[0]) || !isNumber(row[1])) return [];
  return [{ mjd: row[0], median: row[1], low: isNumber(row[2]) ? row[2] : null, high: isNumber(row[3]) ? row[3] : null }];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
