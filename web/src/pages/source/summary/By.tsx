import type { JSX } from "preact";
import { to } from "../../../api/base";
import { dateTime } from "../../../formats";
import { type SummaryEntry, usePerson } from "../queries";

/** Who, or which analysis, set a summary, and when. */
export function By({ entry }: { entry: SummaryEntry }): JSX.Element {
  return (
    <>
      {entry.is_bot ? "By a bot, " : "By "}
      {entry.analysis_id !== null && (
        <>
          <a href={to("analyses", entry.analysis_id)}>analysis {entry.analysis_id}</a>
          {", started by "}
        </>
      )}
      <Name id={entry.set_by_user_id} />, {dateTime(entry.set_at_utc)} UTC
    </>
  );
}

function Name({ id }: { id: number }): JSX.Element {
  const { data } = usePerson(id);
  return <span>{data?.username ?? `user ${id}`}</span>;
}
