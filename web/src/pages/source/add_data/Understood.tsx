import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { counted } from "../../../formats";
import { Table } from "../../../parts/Table";

/** What the server found in a file. */
export interface Read {
  /** The file's column by the field that it is. */
  columns: Record<string, string>;
  rows: number;
  left_out: number;
  problems: { line: number; column: string; text: string }[];
  ids?: number[] | null;
}

const SHOWN_PROBLEMS = 8;
const SHOWN_LINES = 8;

/** How the columns of a file were understood, its first lines, and where something is wrong. */
export function Understood({ file, read }: { file: File; read: Read }): JSX.Element {
  return (
    <div class="understood">
      <div class="stack">
        <p>
          {counted(read.rows, "row")}
          {read.left_out > 0 && `, ${read.left_out} of them no measurements by the rules of their survey`}
        </p>
        {Object.keys(read.columns).length > 0 && (
          <Table
            caption="How the columns were understood"
            rows={Object.entries(read.columns)}
            rowKey={([field]) => field}
            columns={[
              { head: "Understood as", cell: ([field]) => field },
              { head: "Column of the file", cell: ([, column]) => <code>{column}</code> },
            ]}
          />
        )}
        {read.problems.length > 0 && (
          <div class="note warn">
            <p>Nothing can be stored before this is mended:</p>
            <ul class="plain">
              {read.problems.slice(0, SHOWN_PROBLEMS).map(({ line, column, text }) => (
                <li key={`${line}/${column}/${text}`}>
                  Line {line}
                  {column && `, ${column}`}: {text}
                </li>
              ))}
            </ul>
            {read.problems.length > SHOWN_PROBLEMS && <p>And {read.problems.length - SHOWN_PROBLEMS} more.</p>}
          </div>
        )}
      </div>
      <FirstLines file={file} />
    </div>
  );
}

/** The file itself, unless it is no text. */
function FirstLines({ file }: { file: File }): JSX.Element | null {
  const [lines, setLines] = useState("");
  useEffect(() => {
    void file
      .slice(0, 4000)
      .text()
      .then((text) => setLines(/[\0\uFFFD]/.test(text) ? "" : text.split("\n").slice(0, SHOWN_LINES).join("\n")));
  }, [file]);
  return lines === "" ? null : (
    <pre class="code" tabIndex={0} aria-label={`First lines of ${file.name}`}>
      {lines}
    </pre>
  );
}
