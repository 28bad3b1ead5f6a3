import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import { may } from "../../api/session";
import { ProblemNote } from "../../parts/Problem";
import type { Peak } from "../../plots/periodogram/figures";
import { significant } from "../../sky/numbers";
import type { Computed } from "./PeriodogramPage";

interface Properties {
  id: string;
  computed: Computed;
  period: number;
  filters: readonly string[];
  onChoose: (period: number) => void;
}

const ORIGIN = "periodogram";

/** The best peaks, best first; each folds the light curve. */
export function Peaks({ id, computed, period, filters, onChoose }: Properties): JSX.Element {
  return (
    <div class="panel">
      <h3>Peaks</h3>
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Peaks, best first; periods in days">
        <table class="table peaks">
          <caption class="small muted">Best first; periods in days</caption>
          <thead>
            <tr>
              <th scope="col" class="number">
                #
              </th>
              <th scope="col" class="number">
                Period
              </th>
              <th scope="col" class="number">
                ±
              </th>
              <th scope="col" class="number">
                Power
              </th>
              <th scope="col" class="number">
                False alarm
              </th>
              <th scope="col">Alias of</th>
            </tr>
          </thead>
          <tbody>
            {computed.peaks.map((peak, place) => (
              <tr key={place} class={isNear(peak, period) ? "chosen" : undefined} onClick={() => onChoose(peak.period)}>
                <td class="number">{place + 1}</td>
                <td class="number">
                  <button type="button" class="period" aria-pressed={isNear(peak, period)} title="Fold at this period">
                    {periodText(peak)}
                  </button>
                </td>
                <td class="number muted">{significant(peak.period_error, 2)}</td>
                <td class="number">{peak.power.toFixed(3)}</td>
                <td class="number">{significant(peak.false_alarm_probability, 2)}</td>
                <td>{peak.alias_of === null ? "" : significant(peak.alias_of, 6)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {may("Annotate") && <Save id={id} computed={computed} period={period} filters={filters} />}
    </div>
  );
}

const isNear = (peak: Peak, period: number): boolean => Math.abs(peak.period - period) < 1e-9 * period;

/** As many decimals as the error warrants, and two more. */
export function periodText({ period, period_error }: Peak): string {
  const decimals = period_error > 0 ? 2 - Math.floor(Math.log10(period_error)) : 8;
  return period.toFixed(Math.max(0, Math.min(10, decimals)));
}

function Save({ id, computed, period, filters }: Omit<Properties, "onChoose">): JSX.Element {
  const [saved, setSaved] = useState<number | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const save = async (): Promise<void> => {
    setProblem(null);
    const path = `/api/sources/${encodeURIComponent(id)}/annotations`;
    const peak = computed.peaks.find((one) => isNear(one, period));
    const data = {
      period,
      ...(peak && { period_error: peak.period_error, power: peak.power, false_alarm_probability: peak.false_alarm_probability }),
      epoch: computed.folded.epoch,
      method: computed.method,
      filters: filters.join(","),
      n_points: computed.n_points,
    };
    try {
      const known = (await ask<{ id: number; origin: string }[]>("GET", path)).find(({ origin }) => origin === ORIGIN);
      await ask(known ? "PUT" : "POST", known ? `${path}/${known.id}` : path, { body: { origin: ORIGIN, data } });
      setSaved(period);
    } catch (thrown) {
      setProblem(thrown);
    }
  };
  return (
    <>
      <ProblemNote problem={problem} again={() => void save()} />
      <div class="row">
        <button type="button" class="button" onClick={() => void save()}>
          Save as annotation
        </button>
        {saved === period && (
          <span class="small" role="status">
            Saved with {significant(period, 7)} d
          </span>
        )}
      </div>
    </>
  );
}
