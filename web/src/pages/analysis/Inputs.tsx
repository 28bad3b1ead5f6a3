import type { JSX } from "preact";
import { api, dataOf } from "../../api/client";
import { apiUrl } from "../../api/base";
import { counted } from "../../formats";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { isFinal } from "../../parts/State";
import type { Analysis } from "./AnalysisPage";
import { useAttempts } from "./attempts";
import { isMine } from "./mine";

const LINES_SHOWN = 60;

/** The document that the service got, for its author and administrators. */
export function Inputs({ run }: { run: Analysis }): JSX.Element | null {
  const attempts = useAttempts(run).data;
  const sent = (attempts?.length ?? 0) > 0;
  const asked = useAsked(
    sent ? `analysis/${run.id}/inputs` : null,
    () => dataOf(api.GET("/api/obj/analysis/{analysis_id}/inputs", { params: { path: { analysis_id: run.id } } })),
    (moved) => moved.id === run.id && moved.status !== "queued",
  );
  if (!isMine(run)) return null;
  const notYet = asked.problem?.status === 404;
  const unsent = isFinal(run.status) ? "It was not sent to its service." : "It has not been sent yet.";
  return (
    <section class="panel" aria-labelledby="inputs">
      <div class="panel-head">
        <h2 id="inputs">Inputs as sent</h2>
        {asked.data && (
          <a class="button no-print" href={apiUrl(`/api/obj/analysis/${run.id}/inputs`)} download={`inputs_${run.id}.json`}>
            JSON
          </a>
        )}
      </div>
      {notYet ? (
        <p class="muted">{asked.problem?.message}</p>
      ) : attempts !== undefined && !sent ? (
        <p class="muted">{unsent}</p>
      ) : (
        <Loaded asked={asked} lines={3}>
          {({ inputs }) => Object.entries(inputs).map(([name, value]) => <Input key={name} name={name} value={value} />)}
        </Loaded>
      )}
    </section>
  );
}

function Input({ name, value }: { name: string; value: unknown }): JSX.Element {
  const isTable = typeof value === "string";
  const text = isTable ? value.trimEnd() : JSON.stringify(value, null, 2);
  const lines = text.split("\n");
  return (
    <details open={name === "analysis_parameters"}>
      <summary>
        <code>{name}</code> <span class="muted">{isTable && (text === "" ? "no rows" : counted(Math.max(0, lines.length - 1), "row"))}</span>
      </summary>
      <pre class="sent" tabIndex={0} role="region" aria-label={name}>
        {lines.slice(0, LINES_SHOWN).join("\n")}
        {lines.length > LINES_SHOWN && `\n… ${counted(lines.length - LINES_SHOWN, "more line")} in the JSON`}
      </pre>
    </details>
  );
}
