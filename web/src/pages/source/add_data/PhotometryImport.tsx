import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { FIELDS, type Mapping, mappingOf, understood } from "../../../files/photometry";
import type { Row, Table as File } from "../../../files/table";
import { counted } from "../../../formats";
import { Field } from "../../../parts/Field";
import { ProblemNote } from "../../../parts/Problem";
import { Table } from "../../../parts/Table";
import { type Instrument, InstrumentField, useInstrumentList } from "./InstrumentField";

interface Properties {
  id: string;
  table: File;
  name: string;
  onDone: (what: string) => void;
}

const LABELS: Record<string, string> = {
  mjd: "Time (MJD)",
  jd: "Time (JD)",
  date: "Time (date)",
  filter: "Filter",
  mag: "Magnitude",
  magerr: "Error of magnitude",
  limiting_mag: "Limiting magnitude",
  flux: "Flux",
  fluxerr: "Error of flux",
  zp: "Zero point",
  magsys: "Magnitude system",
  instrument_id: "Instrument id",
  origin: "Origin",
};
const SHOWN_ROWS = 5;
const SHOWN_PROBLEMS = 8;
const ROWS_A_CALL = 2500;

/** A file of photometry: which column is what, its first rows, what could not be read; then it is stored. */
export function PhotometryImport({ id, table, name, onDone }: Properties): JSX.Element {
  const instruments = useInstrumentList();
  const [mapping, setMapping] = useState<Mapping>(() => mappingOf(table.columns));
  const [chosen, setChosen] = useState<number | null>(null);
  const [filter, setFilter] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  const instrument = chosen ?? fitting(instruments, table, mapping)?.id ?? null;
  const { body, rows, problems } = useMemo(
    () => understood(table, mapping, { filter, instrument_id: instrument ?? 0 }),
    [table, mapping, filter, instrument],
  );
  const ready = rows > 0 && (instrument !== null || mapping.instrument_id !== undefined);

  const store = async (): Promise<void> => {
    setSending(true);
    setProblem(null);
    try {
      for (let from = 0; from < rows; from += ROWS_A_CALL)
        await ask("PUT", "/api/photometry", { body: { obj_id: id, ...part(body, from, from + ROWS_A_CALL) } });
      onDone(`${counted(rows, "point")} of ${name} ${rows === 1 ? "is" : "are"} stored.`);
    } catch (thrown) {
      setProblem(thrown);
      setSending(false);
    }
  };
  return (
    <div class="stack">
      <h3>
        {name}: {counted(table.rows.length, "row")}, {rows} understood
      </h3>
      <div class="fields">
        {FIELDS.map((field) => (
          <Field key={field} label={LABELS[field] ?? field}>
            {(control) => (
              <select
                class="input"
                {...control}
                value={mapping[field] ?? ""}
                onChange={({ currentTarget: { value } }) => setMapping({ ...mapping, [field]: value === "" ? undefined : Number(value) })}
              >
                <option value="">not in the file</option>
                {table.columns.map((column, place) => (
                  <option key={place} value={place}>
                    {column}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ))}
        {mapping.instrument_id === undefined && <InstrumentField instruments={instruments} chosen={instrument} onChoose={setChosen} />}
        {mapping.filter === undefined && (
          <Field label="Filter of all rows">
            {(control) => <input class="input" {...control} value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />}
          </Field>
        )}
      </div>
      <Table
        caption="First rows of the file"
        columns={table.columns.map((column, place) => ({ head: column, cell: (row: Row) => row.cells[place] ?? "" }))}
        rows={table.rows.slice(0, SHOWN_ROWS)}
        rowKey={(row) => row.line}
      />
      {problems.length > 0 && (
        <div class="note warn">
          <p>{counted(problems.length, "cell")} could not be understood; their rows are left out.</p>
          <ul class="plain">
            {problems.slice(0, SHOWN_PROBLEMS).map(({ line, column, text }) => (
              <li key={`${line}/${column}`}>
                Line {line}, {column}: {text}
              </li>
            ))}
          </ul>
        </div>
      )}
      <ProblemNote problem={problem} again={() => void store()} />
      <div class="row">
        <button type="button" class="button primary" disabled={!ready || sending} onClick={() => void store()}>
          Import {counted(rows, "point")}
        </button>
        {!ready && rows > 0 && <span class="muted">Choose the instrument first.</span>}
      </div>
    </div>
  );
}

/** The only instrument that has all filters of the file. */
function fitting(instruments: Instrument[], table: File, mapping: Mapping): Instrument | undefined {
  const place = mapping.filter;
  const filters = new Set(place === undefined ? [] : table.rows.map(({ cells }) => cells[place] ?? ""));
  const able = instruments.filter((one) => filters.size > 0 && [...filters].every((filter) => one.filters.includes(filter)));
  return able.length === 1 ? able[0] : undefined;
}

const part = (body: Record<string, unknown>, from: number, to: number): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? value.slice(from, to) : value]));
