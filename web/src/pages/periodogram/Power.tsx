import type { JSX } from "preact";
import { useCallback } from "preact/hooks";
import { DARK, LIGHT } from "../../plots/look";
import { powerFigure } from "../../plots/periodogram/figures";
import { Plot, type Zoom } from "../../plots/Plot";
import { isDark } from "../../theme/theme";
import { Tick } from "../source/light_curve/Controls";
import type { Computed } from "./PeriodogramPage";
import type { View } from "./view";

interface Properties {
  computed: Computed;
  view: View;
  period: number;
  onChange: (changes: Partial<View>) => void;
}

/** Power over frequency: a drag computes it anew between two frequencies, a click on a peak folds. */
export function Power({ computed, view, period, onChange }: Properties): JSX.Element {
  const look = isDark.value ? DARK : LIGHT;
  const chosen = computed.peaks.findIndex((peak) => Math.abs(peak.period - period) < 1e-9 * period);
  const figure = useCallback(
    () => powerFigure(computed, look, { spectralWindow: view.spectralWindow, chosen }),
    [computed, look, view.spectralWindow, chosen],
  );
  const zoom = (ends: Zoom): void => {
    const [low, high] = [Number(ends["xaxis.range[0]"]), Number(ends["xaxis.range[1]"])];
    if (!(high > 0) || !(high > low)) return;
    const least = computed.frequency[0] ?? low;
    onChange({ minPeriod: rounded(1 / high), maxPeriod: rounded(1 / Math.max(low, least)), period: null });
  };
  return (
    <div class="panel">
      <div class="plot-tools">
        <span class="small muted">
          Drag to compute a part more finely; click a peak to fold. Dotted: false-alarm levels; hollow, in brackets: aliases.
        </span>
        <span class="push" />
        <Tick label="Spectral window" on={view.spectralWindow} onTick={(spectralWindow) => onChange({ spectralWindow })} />
        {(view.minPeriod !== null || view.maxPeriod !== null) && (
          <button type="button" class="button" onClick={() => onChange({ minPeriod: null, maxPeriod: null, period: null })}>
            All periods
          </button>
        )}
      </div>
      <Plot
        label="Power over frequency"
        height={320}
        figure={figure}
        onZoom={zoom}
        onReset={() => onChange({ minPeriod: null, maxPeriod: null, period: null })}
        onPoint={({ curve, index, x }) => onChange({ period: curve === "peaks" ? (computed.peaks[index]?.period ?? null) : 1 / Number(x) })}
      />
    </div>
  );
}

const rounded = (period: number): number => Number(period.toPrecision(8));
