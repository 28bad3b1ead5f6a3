import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { duration, instant } from "../../formats";
import { Loaded } from "../../parts/Loaded";
import { Moment } from "../../parts/Moment";
import type { Analysis } from "./AnalysisPage";
import { type Happening, useTimeline } from "./happenings";

/** All that happened to the analysis, oldest first. */
export function Timeline({ run }: { run: Analysis }): JSX.Element {
  const asked = useTimeline(run);
  useEffect(() => {
    if (asked.data !== undefined) void asked.again();
  }, [run.modified]);
  return (
    <section class="panel" aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <Loaded asked={asked} lines={4}>
        {(happenings) => <Happenings happenings={happenings} since={run.created_at} />}
      </Loaded>
    </section>
  );
}

function Happenings({ happenings, since }: { happenings: Happening[]; since: string }): JSX.Element {
  return (
    <ol class="timeline">
      {happenings.map((happening, place) => (
        <li key={place} class={`event ${tone(happening)}`}>
          <span class="when mono" title={`${duration(secondsSince(since, happening.at))} after the start`}>
            <Moment at={happening.at} full />
          </span>
          <span>
            {happening.text}
            <Details happening={happening} />
            {happening.message && <span class="mono muted said">{happening.message}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Details({ happening: { text, http_status: status, milliseconds } }: { happening: Happening }): JSX.Element {
  const facts = [status != null && !text.includes(String(status)) && `HTTP ${status}`, milliseconds != null && `after ${duration(milliseconds / 1000)}`];
  return <span class="muted">{facts.some(Boolean) && ` ${facts.filter(Boolean).join(", ")}`}</span>;
}

function tone({ event, http_status: status }: Happening): string {
  if (/^(completed|taken|collected|applied)$/.test(event)) return "good";
  if (/fail|refus|timed|too_large|interrupt|not_applied|retry/.test(event) || (status != null && status >= 400)) return "bad";
  return "";
}

function secondsSince(start: string, at: string): number {
  return Math.max(0, (instant(at).getTime() - instant(start).getTime()) / 1000);
}
