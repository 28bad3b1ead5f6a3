import type { JSX } from "preact";
import { ask } from "../../../api/client";
import { session } from "../../../api/session";
import { Choice, Text } from "../../../parts/controls";
import { useDraft } from "../../../parts/draft";
import { Form } from "../../../parts/Form";
import { ShownResults } from "../../../parts/ShownResults";
import type { Service } from "../../services/list";
import type { DefaultAnalysis, SourceFilter } from "./list";

interface Properties {
  service: Service;
  given: DefaultAnalysis | null;
  close: () => void;
  saved: () => void;
}

interface Values {
  on: string;
  classes: string;
  probability: string;
  group: string;
  limit: string;
  parameters: string;
  show_parameters: boolean;
  show_plots: boolean;
  show_corner: boolean;
}

/** Has a service started whenever a source is classified, or saved to a group. */
export function DefaultForm({ service, given, close, saved }: Properties): JSX.Element {
  const [values, setValues, forget] = useDraft<Values>(`default/${service.id}/${given?.id ?? "new"}`, valuesOf(given, service));
  const set = (part: Partial<Values>): void => setValues({ ...values, ...part });
  const save = async (): Promise<void> => {
    const path = `/api/analysis_service/${service.id}/default_analysis${given ? `/${given.id}` : ""}`;
    await ask(given ? "PATCH" : "POST", path, { body: bodyOf(values) });
    forget();
    saved();
  };
  const discard = (): void => {
    forget();
    close();
  };
  const groups = (session.value?.groups ?? []).map((group) => [String(group.id), group.name] as const);
  return (
    <Form action="Save default analysis" send={save} leave={["Discard", discard]}>
      <div class="fields">
        <Choice
          label="Start when a source is"
          options={[
            ["class", "classified as"],
            ["group", "saved to a group"],
          ]}
          value={values.on}
          set={(on) => set({ on })}
        />
        {values.on === "class" ? (
          <>
            <Text label="Class" hint="Several between commas" value={values.classes} set={(classes) => set({ classes })} />
            <Text label="Least probability" type="number" value={values.probability} set={(probability) => set({ probability })} />
          </>
        ) : (
          <Choice label="Group" options={groups} value={values.group} set={(group) => set({ group })} />
        )}
        <Text label="At most, a day" hint="1 to 1000" type="number" value={values.limit} set={(limit) => set({ limit })} />
        <Text label="Parameters" wide mono long hint="A JSON object" value={values.parameters} set={(parameters) => set({ parameters })} />
      </div>
      <ShownResults shown={values} choose={set} />
    </Form>
  );
}

function valuesOf(given: DefaultAnalysis | null, service: Service): Values {
  const filter = (given?.source_filter ?? {}) as SourceFilter;
  const classes = filter.classifications ?? [];
  return {
    on: filter.group_id != null ? "group" : "class",
    classes: classes.map(({ name }) => name).join(", "),
    probability: String(classes[0]?.probability ?? 0.9),
    group: String(filter.group_id ?? session.value?.groups[0]?.id ?? service.groups[0]?.id ?? ""),
    limit: String(given?.stats.daily_limit ?? 10),
    parameters: JSON.stringify(given?.default_analysis_parameters ?? {}),
    show_parameters: given?.show_parameters ?? true,
    show_plots: given?.show_plots ?? true,
    show_corner: given?.show_corner ?? true,
  };
}

function bodyOf(values: Values): Record<string, unknown> {
  const { on, classes, probability, group, limit, parameters, ...shown } = values;
  const names = classes.split(",").flatMap((name) => name.trim() || []);
  return {
    ...shown,
    daily_limit: Number(limit),
    default_analysis_parameters: parameters.trim() || "{}", // as text: what is wrong with it is said by the server
    source_filter: on === "group" ? { group_id: Number(group) } : { classifications: names.map((name) => ({ name, probability: Number(probability) })) },
  };
}
