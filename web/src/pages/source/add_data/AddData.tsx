import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { may } from "../../../api/session";
import { forget } from "../../../live/cache";
import { Import } from "./Import";

/** Takes a file of photometry or a spectrum, shows how it was understood, and stores it. */
export function AddData({ id, onAdded }: { id: string; onAdded: () => void }): JSX.Element | null {
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const [added, setAdded] = useState("");
  if (!may("Upload data")) return null;

  const open = (chosen: File | undefined): void => {
    if (!chosen) return;
    setAdded("");
    setFile(chosen);
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
          open(event.dataTransfer?.files[0]);
        }}
      >
        <label>
          <span>Drop photometry or a spectrum here (CSV, ECSV, FITS, JSON, as surveys hand them out), or choose a file: </span>
          <input type="file" onChange={(event) => open(event.currentTarget.files?.[0])} />
        </label>
      </div>
      {added && (
        <p class="note good" role="status">
          {added}
        </p>
      )}
      {file && (
        <Import
          key={`${file.name}/${file.size}/${file.lastModified}`}
          id={id}
          file={file}
          onDone={(what) => {
            setFile(null);
            setAdded(what);
            for (const kind of ["phot_stat", "light_curve", "periodogram"]) forget(`${kind}/${id}`);
            onAdded();
          }}
        />
      )}
    </section>
  );
}
