import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { forget } from "../../../live/cache";
import { Check, Checks, Choice, named, Text } from "../../../parts/controls";
import { useDraft } from "../../../parts/draft";
import { Form } from "../../../parts/Form";
import type { Service } from "../../services/list";
import { Credentials } from "./Credentials";
import { Groups } from "./Groups";
import { ParameterBuilder } from "./ParameterBuilder";
import { ANALYSIS_TYPES, AUTHENTICATION_TYPES, bodyOf, INPUT_TYPES, type Values, valuesOf } from "./values";
import "./form.css";

interface Properties {
  /** Null to register a new one. */
  service: Service | null;
  close: () => void;
  saved: (id: number) => void;
}

/** Registers a service, or changes it; what is typed stays until it is saved, credentials excepted. */
export function ServiceForm({ service, close, saved }: Properties): JSX.Element {
  const [values, setValues, forgetDraft] = useDraft<Values>(`service/${service?.id ?? "new"}`, valuesOf(service));
  const [credentials, setCredentials] = useState<Record<string, string> | null>(null);
  const set = <Name extends keyof Values>(name: Name, value: Values[Name]): void => setValues({ ...values, [name]: value });
  const save = async (): Promise<void> => {
    const path = "/api/analysis_service" + (service ? `/${service.id}` : "");
    const answer = await ask<{ id?: number }>(service ? "PATCH" : "POST", path, { body: bodyOf(values, credentials) });
    forgetDraft();
    forget("services");
    forget("form/");
    saved(service?.id ?? Number(answer.id));
  };
  const discard = (): void => {
    forgetDraft();
    close();
  };
  return (
    <Form look="service-form" action="Save service" send={save} leave={["Discard", discard]}>
      <div class="fields">
        <Text label="Name" hint="Unique on this site" required value={values.name} set={(name) => set("name", name)} />
        <Text label="Shown as" hint="The same if empty" value={values.display_name} set={(name) => set("display_name", name)} />
        <Text label="URL" wide hint="Where the service takes POST, such as https://fit.example.org/analysis" required mono value={values.url} set={(url) => set("url", url)} />
        <Text label="Description" wide long value={values.description} set={(text) => set("description", text)} />
        <Choice label="Analysis type" options={ANALYSIS_TYPES} value={values.analysis_type} set={(type) => set("analysis_type", type)} />
        <Text label="Timeout" hint="Seconds until a run is given up" type="number" value={values.timeout} set={(text) => set("timeout", text)} />
      </div>
      <Checks
        legend="What it is sent"
        options={named(INPUT_TYPES)}
        chosen={values.input_data_types}
        choose={(types) => set("input_data_types", types)}
      />
      <fieldset class="stack">
        <legend>How it knows us</legend>
        <div class="fields">
          <Choice
            label="Authentication"
            options={named(AUTHENTICATION_TYPES)}
            value={values.authentication_type}
            set={(type) => {
              set("authentication_type", type);
              setCredentials(null);
            }}
          />
        </div>
        <Credentials kind={values.authentication_type} stored={service?.authentication_type ?? null} given={credentials} give={setCredentials} />
      </fieldset>
      <ParameterBuilder parameters={values.parameters} set={(parameters) => set("parameters", parameters)} />
      <fieldset>
        <legend>How it is offered</legend>
        <div class="checks">
          <Check label="Enabled" on={values.enabled} set={(on) => set("enabled", on)} />
          <Check label="Offered on source pages" on={values.display_on_resource_dropdown} set={(on) => set("display_on_resource_dropdown", on)} />
          <Check label="Takes uploads only" on={values.upload_only} set={(on) => set("upload_only", on)} />
          <Check label="Writes summaries" on={values.is_summary} set={(on) => set("is_summary", on)} />
        </div>
      </fieldset>
      <Groups chosen={values.group_ids} choose={(ids) => set("group_ids", ids)} />
      <details>
        <summary>Version and contact</summary>
        <div class="fields details-body">
          <Text label="Version" value={values.version} set={(text) => set("version", text)} />
          <Text label="Contact person" value={values.contact_name} set={(text) => set("contact_name", text)} />
          <Text label="Contact mail" type="email" value={values.contact_email} set={(text) => set("contact_email", text)} />
        </div>
      </details>
    </Form>
  );
}
