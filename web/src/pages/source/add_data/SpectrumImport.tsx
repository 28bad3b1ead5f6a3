import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { spectrumOf } from "../../../files/spectrum";
import type { Table } from "../../../files/table";
import { counted } from "../../../formats";
import { forget } from "../../../live/cache";
import { Field } from "../../../parts/Field";
import { ProblemNote } from "../../../parts/Problem";
import { DARK, LIGHT } from "../../../plots/look";
import { Plot } from "../../../plots/Plot";
import { spectraFigure } from "../../../plots/spectra/figure";
import { isDark } from "../../../theme/theme";
import { InstrumentField, useInstrumentList } from "./InstrumentField";

interface Properties {
  id: string;
  table: Table;
  name: string;
  onDone: (what: string) => void;
}

/** A file with a spectrum: how it looks, when and with what it was taken; then it is stored. */
export function SpectrumImport({ id, table, name, onDone }: Properties): JSX.Element {
  const instruments = useInstrumentList();
  const [instrument, setInstrument] = useState<number | null>(null);
  const [observed, setObserved] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const spectrum = useMemo(() => spectrumOf(table), [table]);
  const look = isDark.value ? DARK : LIGHT;
  const figure = useCallback(() => {
    const shown = spectrum ? [{ id: 0, name, units: null, ...spectrum }] : [];
    return spectraFigure(shown, { rest: false, smoothing: 0, normalise: false, elements: [], redshift: 0 }, look);
  }, [spectrum, look]);
  if (!spectrum) return <p class="note warn">No two columns of numbers were found in {name}.</p>;
  const store = async (): Promise<void> => {
    setProblem(null);
    try {
      await ask("POST", "/api/spectrum", { body: { obj_id: id, instrument_id: instrument, observed_at: observed, ...spectrum } });
      forget(`spectra/${id}`);
      onDone(`The spectrum of ${name} is stored: reload the page to see it.`);
    } catch (thrown) {
      setProblem(thrown);
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void store();
      }}
    >
      <h3>
        {name}: {counted(spectrum.wavelengths.length, "wavelength")}
        {spectrum.errors && ", with errors"}
      </h3>
      <Plot label={`Spectrum in ${name}`} height={220} figure={figure} />
      <div class="fields">
        <InstrumentField instruments={instruments} chosen={instrument} onChoose={setInstrument} />
        <Field label="Observed at (UTC)">
          {(control) => (
            <input
              class="input"
              type="datetime-local"
              step="1"
              {...control}
              value={observed}
              onInput={(event) => setObserved(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <ProblemNote problem={problem} />
      <div class="row">
        <button type="submit" class="button primary" disabled={instrument === null || observed === ""}>
          Import spectrum
        </button>
      </div>
    </form>
  );
}
