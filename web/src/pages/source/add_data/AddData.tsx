import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { may } from "../../../api/session";
import { forget } from "../../../live/cache";
import "./add_data.css";
import { Import } from "./Import";

interface Properties {
  /** Of the source; nothing is read while it is empty. */
  id: string;
  title?: string;
  /** What is shown beside the outcome. */
  added?: ComponentChildren;
  onAdded?: () => void;
  /** Chooses the source. */
  children?: ComponentChildren;
}

/** Takes a file of photometry or a spectrum, shows how it was understood, and stores it. */
export function AddData({ id, title = "Add data", added: beside, onAdded, children }: Properties): JSX.Element | null {
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const [added, setAdded] = useState("");
  useLayoutEffect(keepPage, []);
  if (!may("Upload data")) return null;

  const open = (chosen: File | undefined): void => {
    if (!chosen) return;
    setAdded("");
    setFile(chosen);
  };
  return (
    <section
      class="panel no-print"
      aria-labelledby="add-data"
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
      <h2 id="add-data">{title}</h2>
      {children}
      <div class={over ? "drop over" : "drop"}>
        <label>
          <span>Drop photometry or a spectrum here (CSV, ECSV, FITS, JSON, as surveys hand them out), or choose a file: </span>
          <input type="file" onChange={(event) => open(event.currentTarget.files?.[0])} />
        </label>
      </div>
      {added && (
        <p class="note good" role="status">
          {added} {beside}
        </p>
      )}
      {file && id === "" && <p class="muted">Name the source that {file.name} belongs to.</p>}
      {file && id !== "" && (
        <Import
          key={`${id}/${file.name}/${file.size}/${file.lastModified}`}
          id={id}
          file={file}
          onDone={(what) => {
            setFile(null);
            setAdded(what);
            for (const kind of ["phot_stat", "light_curve", "periodogram"]) forget(`${kind}/${id}`);
            onAdded?.();
          }}
        />
      )}
    </section>
  );
}

/** Has a file that is dropped beside its place do nothing: browsers would show it instead of the page. */
function keepPage(): () => void {
  const stop = (event: Event): void => {
    if (!(event.target instanceof Element && event.target.closest("input, textarea"))) event.preventDefault();
  };
  const kinds = ["dragover", "drop"];
  kinds.forEach((kind) => addEventListener(kind, stop));
  return () => kinds.forEach((kind) => removeEventListener(kind, stop));
}
