import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { counted } from "../../../formats";
import { useAsked } from "../../../live/cache";
import { Field } from "../../../parts/Field";
import { Loaded } from "../../../parts/Loaded";
import { ProblemNote } from "../../../parts/Problem";
import { InstrumentField, useInstrumentList } from "./InstrumentField";
import { Understood, type Read } from "./Understood";

type Kind = "photometry" | "spectrum";

interface Properties {
  id: string;
  file: File;
  onDone: (what: string) => void;
}

const UNITS: Record<Kind, string> = { photometry: "point", spectrum: "row" };
const IS_SPECTRUM = /\/api\/spectrum_file/;

/** A file before it is stored: which column is what, its first lines, and what is wrong with it. */
export function Import({ id, file, onDone }: Properties): JSX.Element {
  const instruments = useInstrumentList();
  const [kind, setKind] = useState<Kind>("photometry");
  const [instrument, setInstrument] = useState<number | null>(null);
  const [observed, setObserved] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  const send = (dry: boolean) => {
    const query = { objID: id, dry_run: dry, name: file.name, instrument_id: instrument, observed_at: kind === "spectrum" ? observed : null };
    return ask<Read>("POST", `/api/${kind}_file`, { query, body: file });
  };
  const asked = useAsked(`file/${id}/${file.name}/${file.size}/${file.lastModified}/${kind}/${instrument}/${observed}`, () => send(true));
  const isSpectrum = kind === "photometry" && asked.data?.problems.some(({ text }) => IS_SPECTRUM.test(text));
  useLayoutEffect(() => {
    if (isSpectrum) setKind("spectrum");
  }, [isSpectrum]);

  const store = async (): Promise<void> => {
    setSending(true);
    setProblem(null);
    try {
      const { ids, problems } = await send(false);
      if (!ids) throw new Error(problems[0]?.text ?? "Nothing was stored.");
      onDone(
        `${file.name} is stored: ${counted(ids.length, kind === "photometry" ? "point" : "spectrum", kind === "photometry" ? "points" : "spectra")}.`,
      );
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      setSending(false);
    }
  };
  return (
    <div class="stack">
      <div class="row">
        <h3>{file.name}</h3>
        <div class="choices" role="group" aria-label="What the file holds">
          {(["photometry", "spectrum"] as const).map((one) => (
            <button key={one} type="button" class="button" aria-pressed={kind === one} onClick={() => setKind(one)}>
              {one === "photometry" ? "Photometry" : "Spectrum"}
            </button>
          ))}
        </div>
      </div>
      <div class="fields">
        <InstrumentField instruments={instruments} chosen={instrument} onChoose={setInstrument} />
        {kind === "spectrum" && (
          <Field label="Observed at (UTC)" hint="if the file does not say">
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
        )}
      </div>
      <Loaded asked={asked} lines={4}>
        {(read) => (
          <>
            <Understood file={file} read={read} />
            <ProblemNote problem={problem} again={() => void store()} />
            {read.problems.length === 0 && read.rows > 0 && (
              <div class="row">
                <button type="button" class="button primary" aria-disabled={sending} onClick={() => !sending && void store()}>
                  Import {counted(read.rows - read.left_out, UNITS[kind])}
                </button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}
