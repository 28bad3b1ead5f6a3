import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { to } from "../../../api/base";
import { ask } from "../../../api/client";
import { may } from "../../../api/session";
import { useStart } from "../../../form/start";
import { useAsked } from "../../../live/cache";
import { ProblemNote } from "../../../parts/Problem";
import { isFinal, State } from "../../../parts/State";
import { useServices } from "../../services/list";

interface Run {
  id: number;
  status: string;
  status_message: string | null;
}

/** Has a language model write the summary, and says why it could not. */
export function Summarize({ id, onDone }: { id: string; onDone: () => void }): JSX.Element | null {
  const services = useServices();
  const [run, setRun] = useState<number | null>(null);
  const [missing, setMissing] = useState(false);
  const { post, problem } = useStart(setRun);
  if (!may("Run Analyses") || services.data === undefined) return null;
  const service = services.data.find(({ is_summary, enabled, upload_only }) => is_summary && enabled && !upload_only);
  const start = (): void => {
    setRun(null);
    setMissing(!service);
    if (service) void post(`/api/obj/${encodeURIComponent(id)}/analysis/${service.id}`, async () => ({}));
  };
  return (
    <>
      {run !== null && <Progress id={run} onDone={onDone} />}
      <button type="button" class="button" onClick={start}>
        Summarize
      </button>
      {missing ? <ProblemNote problem={NONE} /> : <ProblemNote problem={problem} again={start} />}
    </>
  );
}

const NONE = new Error("There is no summary service that you may use: register one on Services, with “Writes summaries” ticked.");

function Progress({ id, onDone }: { id: number; onDone: () => void }): JSX.Element | null {
  const { data } = useAsked(
    `run/${id}`,
    () => ask<Run>("GET", `/api/obj/analysis/${id}`),
    (moved) => moved.id === id,
  );
  const ended = data !== undefined && isFinal(data.status);
  useEffect(() => {
    if (ended) onDone();
  }, [ended]);
  if (!data) return null;
  return (
    <span class="row">
      <a href={to("analyses", id)}>
        <State state={data.status} live />
      </a>
      {ended && data.status !== "completed" && <span>{data.status_message}</span>}
    </span>
  );
}
