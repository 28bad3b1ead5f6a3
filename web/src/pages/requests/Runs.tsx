import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { to } from "../../api/base";
import { problemOf } from "../../api/problem";
import { session } from "../../api/session";
import { duration, instant, words } from "../../formats";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { Moment, useNow } from "../../parts/Moment";
import { ProblemNote } from "../../parts/Problem";
import { State } from "../../parts/State";
import { type Column, Table } from "../../parts/Table";
import { may } from "../../api/session";
import { type Filters, readRuns, type ShortRun } from "./runs";
import { Selection } from "./Selection";

/** The runs that the filters leave, newest first; some can be chosen to be cancelled, retried or deleted. */
export function Runs({ filters }: { filters: Filters }): JSX.Element {
  const key = JSON.stringify(filters);
  const asked = useAsked(`runs/${key}`, () => readRuns(filters, null), () => true);
  const [more, setMore] = useState<ShortRun[]>([]);
  const [cursor, setCursor] = useState<string | null | undefined>(undefined);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [problem, setProblem] = useState<unknown>(null);
  useLayoutEffect(() => {
    setMore([]);
    setCursor(undefined);
    setChosen(new Set());
  }, [key]);
  const first = asked.data?.runs ?? [];
  const known = new Set(first.map((run) => run.id));
  const rows = [...first, ...more.filter((run) => !known.has(run.id))];
  const next = cursor === undefined ? (asked.data?.cursor ?? null) : cursor;
  const readMore = (): void => {
    setProblem(null);
    readRuns(filters, next).then(
      (page) => {
        setMore([...more, ...page.runs]);
        setCursor(page.cursor);
      },
      (thrown: unknown) => setProblem(problemOf(thrown)),
    );
  };
  const mine = rows.filter((run) => session.value?.is_admin || run.author_id === session.value?.user.id);
  const selectable = may("Run Analyses") && mine.length > 0;
  return (
    <Loaded asked={asked} lines={8}>
      {() => (
        <>
          {selectable && (
            <Selection
              runs={rows.filter((run) => chosen.has(run.id))}
              done={(left) => {
                setChosen(new Set(left));
                setMore([]);
                setCursor(undefined);
                void asked.again();
              }}
              clear={() => setChosen(new Set())}
            />
          )}
          <Table<ShortRun>
            caption="Runs"
            stacks
            rows={rows}
            rowKey={(run) => run.id}
            columns={[...(selectable ? [selectColumn(mine, chosen, setChosen)] : []), ...COLUMNS]}
            empty={
              Object.keys(filters).length > 0 ? (
                <>
                  <strong>No run fits these filters.</strong> Take one away to see more.
                </>
              ) : (
                <>
                  <strong>Nothing was asked yet.</strong> Open a source and start an analysis there.
                </>
              )
            }
          />
          <ProblemNote problem={problem} again={readMore} />
          {next && (
            <button type="button" class="button" onClick={readMore}>
              Show older runs
            </button>
          )}
        </>
      )}
    </Loaded>
  );
}

function selectColumn(mine: ShortRun[], chosen: ReadonlySet<number>, choose: (ids: ReadonlySet<number>) => void): Column<ShortRun> {
  const all = mine.every((run) => chosen.has(run.id));
  const ids = new Set(mine.map((run) => run.id));
  return {
    head: (
      <input type="checkbox" aria-label="Choose all" checked={all} onChange={() => choose(all ? new Set() : ids)} />
    ),
    label: "Choose",
    cell: (run) =>
      ids.has(run.id) && (
        <input
          type="checkbox"
          aria-label={`Choose ${run.obj_id}, ${run.service ?? run.analysis_service_id}, ${run.id}`}
          checked={chosen.has(run.id)}
          onChange={(event) => {
            const now = new Set(chosen);
            if (event.currentTarget.checked) now.add(run.id);
            else now.delete(run.id);
            choose(now);
          }}
        />
      ),
  };
}

function NextTry({ at }: { at: string }): JSX.Element {
  const isDue = instant(at) <= useNow(30_000);
  return <>next try {isDue ? "any moment" : <Moment at={at} />} · </>;
}

const COLUMNS: Column<ShortRun>[] = [
  { head: "State", cell: (run) => <State state={run.status} live /> },
  {
    head: "Run",
    cell: (run) => (
      <a href={to("analyses", run.id)} class="mono">
        {run.id}
      </a>
    ),
  },
  { head: "Object", cell: (run) => <a href={to("sources", run.obj_id)}>{run.obj_id}</a> },
  { head: "Service", cell: (run) => <a href={to("services", run.analysis_service_id)}>{run.service ?? run.analysis_service_id}</a> },
  {
    head: "Author",
    cell: (run) => (
      <>
        {run.author ?? `user ${run.author_id}`}
        {run.relay_id != null && (
          <span class="relayed" title={`Another portal asked for it through relay ${run.relay_id}`}>
            relayed
          </span>
        )}
      </>
    ),
  },
  { head: "Started", cell: (run) => <Moment at={run.created_at} /> },
  { head: "Took", number: true, named: true, cell: (run) => run.duration != null && <span class="nowrap">{duration(run.duration)}</span> },
  {
    head: "Message",
    wide: true,
    cell: (run) => (
      <span class="run-message muted" title={run.status_message ?? undefined}>
        {run.next_try_at && <NextTry at={run.next_try_at} />}
        {words(run.status_message)}
      </span>
    ),
  },
];
