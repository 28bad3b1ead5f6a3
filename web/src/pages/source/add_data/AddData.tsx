import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { may } from "../../../api/session";
import { isSpectrum } from "../../../files/spectrum";
import { type Table, tableOf } from "../../../files/table";
import { forget } from "../../../live/cache";
import { ProblemNote } from "../../../parts/Problem";
import { PhotometryImport } from "./PhotometryImport";
import { SpectrumImport } from "./SpectrumImport";

interface Chosen {
  name: string;
  table: Table;
  spectrum: boolean;
}

/** Takes a file of photometry or a spectrum, shows how it was understood, and stores it. */
export function AddData({ id, onAdded }: { id: string; onAdded: () => void }): JSX.Element | null {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [added, setAdded] = useState("");
  if (!may("Upload data")) return null;

  const open = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setProblem(null);
    setAdded("");
    try {
      const table = tableOf(await file.text());
      if (table.rows.length === 0) throw new Error(`${file.name} holds no rows that could be read.`);
      setChosen({ name: file.name, table, spectrum: isSpectrum(table) });
    } catch (thrown) {
      setProblem(thrown);
    }
  };
  const done = (what: string): void => {
    setChosen(null);
    setAdded(what);
    forget(`phot_stat/${id}`);
    onAdded();
  };
  return (
    <section class="panel no-print" aria-labelledby="add-data">
      <h2 id="add-data">Add data</h2>
      <div
        class={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void open(event.dataTransfer?.files[0]);
        }}
      >
        <label>
          <span>Drop a CSV or ECSV file of photometry, or a spectrum, here, or choose one: </span>
          <input type="file" accept=".csv,.ecsv,.txt,.dat,.ascii,.tsv" onChange={(event) => void open(event.currentTarget.files?.[0])} />
        </label>
      </div>
      <ProblemNote problem={problem} />
      {added && (
        <p class="note good" role="status">
          {added}
        </p>
      )}
      {chosen && (
        <>
          <div class="choices" role="group" aria-label="What the file holds">
            <button type="button" class="button" aria-pressed={!chosen.spectrum} onClick={() => setChosen({ ...chosen, spectrum: false })}>
              Photometry
            </button>
            <button type="button" class="button" aria-pressed={chosen.spectrum} onClick={() => setChosen({ ...chosen, spectrum: true })}>
              Spectrum
            </button>
          </div>
          {chosen.spectrum ? (
            <SpectrumImport id={id} table={chosen.table} name={chosen.name} onDone={done} />
          ) : (
            <PhotometryImport key={chosen.name} id={id} table={chosen.table} name={chosen.name} onDone={done} />
          )}
        </>
      )}
    </section>
  );
}
