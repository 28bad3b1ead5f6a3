import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import { Loaded } from "../../parts/Loaded";
import { useQuery } from "../../parts/query";
import { useTitle } from "../../parts/title";
import { Analyses } from "./analyses/Analyses";
import { SourceHead } from "./SourceHead";
import { LightCurve } from "./light_curve/LightCurve";
import { PeriodogramPanel } from "./PeriodogramPanel";
import { PhotStats } from "./PhotStats";
import { useLightCurve } from "./light_curve/queries";
import { viewOf } from "../../plots/light_curve/view";
import { useRuns, useSource } from "./queries";
import { AddData } from "./add_data/AddData";
import { Annotations } from "./remarks/Annotations";
import { Classifications } from "./remarks/Classifications";
import { Comments } from "./remarks/Comments";
import { Spectra } from "./spectra/Spectra";
import { Summary } from "./summary/Summary";
import "./source.css";

/** All about one source. */
export default function SourcePage(): JSX.Element {
  const id = decodeURIComponent(useRoute().params["id"] ?? "");
  useTitle(id);
  return <SourcePageOf key={id} id={id} />;
}

function SourcePageOf({ id }: { id: string }): JSX.Element {
  const source = useSource(id);
  const runs = useRuns(id);
  const [additions, setAdditions] = useState(0);
  const [query] = useQuery();
  const photometry = useLightCurve(id, viewOf(Object.fromEntries(query)).extinction);
  return (
    <main class="page source-page">
      {source.data === undefined && <h1>{id}</h1>}
      <Loaded asked={source} lines={6}>
        {(known) => (
          <>
            <SourceHead source={known} />
            <Summary source={known} onChanged={() => void source.again()} />
            <LightCurve id={id} modulus={known.dm} reddening={known.ebv ?? null} runs={runs.data ?? []} asked={photometry} />
            <Analyses source={known} runs={runs} columns={photometry.data?.columns} />
            <Spectra key={`spectra/${additions}`} id={id} redshift={known.redshift} />
            <div class="halves">
              <div class="stack">
                <PeriodogramPanel id={id} />
                <Classifications source={known} onChanged={() => void source.again()} />
                <Annotations source={known} onChanged={() => void source.again()} />
              </div>
              <PhotStats key={`statistics/${additions}`} id={id} />
            </div>
            <Comments id={id} />
            <AddData
              id={id}
              onAdded={() => {
                setAdditions(additions + 1);
                void photometry.again();
              }}
            />
          </>
        )}
      </Loaded>
    </main>
  );
}
