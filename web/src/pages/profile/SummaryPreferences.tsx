import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, dataOf } from "../../api/client";
import { useAsked } from "../../live/cache";
import { Loaded } from "../../parts/Loaded";
import { ProblemNote } from "../../parts/Problem";
import { Check, Text } from "../../parts/controls";

const NUMBERS = ["temperature", "max_tokens", "top_p", "frequency_penalty", "presence_penalty"] as const;
const TEXTS = ["model", "prompt"] as const;
type Chosen = Partial<Record<(typeof NUMBERS)[number] | (typeof TEXTS)[number], unknown>> & { active?: boolean; apikey_set?: boolean };

const LABELS: Record<string, string> = {
  model: "Model",
  prompt: "Prompt",
  temperature: "Temperature",
  max_tokens: "Most tokens of an answer",
  top_p: "Top p",
  frequency_penalty: "Frequency penalty",
  presence_penalty: "Presence penalty",
};

/** How summaries by a language model are asked for in one's own name, and with whose key. */
export function SummaryPreferences(): JSX.Element {
  const asked = useAsked("profile", () => dataOf(api.GET("/api/internal/profile", {})));
  return (
    <section class="panel" aria-labelledby="summaries">
      <h2 id="summaries">Summaries by a language model</h2>
      <Loaded asked={asked} lines={5}>
        {({ preferences }) => {
          const chosen = ((preferences["summary"] as { OpenAI?: Chosen } | undefined)?.OpenAI ?? {}) as Chosen;
          return <Form key={JSON.stringify(chosen)} chosen={chosen} saved={() => void asked.again()} />;
        }}
      </Loaded>
    </section>
  );
}

function Form({ chosen, saved }: { chosen: Chosen; saved: () => void }): JSX.Element {
  const begin = (name: keyof Chosen): string => (chosen[name] == null ? "" : String(chosen[name]));
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries([...TEXTS, ...NUMBERS].map((name) => [name, begin(name)])));
  const [active, setActive] = useState(chosen.active === true);
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [done, setDone] = useState(false);
  const patch = (openai: Record<string, unknown>): void => {
    setProblem(null);
    setDone(false);
    ask("PATCH", "/api/internal/profile", { body: { preferences: { summary: { OpenAI: openai } } } }).then(() => {
      setKey("");
      setDone(true);
      saved();
    }, setProblem);
  };
  const save = (): void => {
    const texts = TEXTS.map((name) => [name, values[name]?.trim() || null]);
    const numbers = NUMBERS.map((name) => [name, values[name]?.trim() ? Number(values[name]) : null]);
    patch({ ...Object.fromEntries([...texts, ...numbers]), active, ...(key && { apikey: key.trim() }) });
  };
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div class="row">
        <Check label="Use my own key and settings" on={active} set={setActive} />
        <span class="muted">Otherwise the site's are used, if it has a key.</span>
      </div>
      <div class="fields">
        <Text
          label="API key"
          type="password"
          hint={chosen.apikey_set ? "A key is set, and never shown. Type another to replace it." : "No key is set. It is kept encrypted and never shown."}
          value={key}
          set={setKey}
        />
        {[...TEXTS, ...NUMBERS].map((name) => (
          <Text
            key={name}
            label={LABELS[name] ?? name}
            type={name === "model" || name === "prompt" ? "text" : "number"}
            long={name === "prompt"}
            wide={name === "prompt"}
            hint={name === "model" ? "Empty fields are the site's choice" : ""}
            value={values[name] ?? ""}
            set={(value) => setValues({ ...values, [name]: value })}
          />
        ))}
      </div>
      <ProblemNote problem={problem} again={save} />
      <div class="row">
        <button type="submit" class="button">
          Save summary settings
        </button>
        {chosen.apikey_set && (
          <button type="button" class="button danger" onClick={() => patch({ apikey: null })}>
            Remove the key
          </button>
        )}
        {done && <span class="muted">Saved.</span>}
      </div>
    </form>
  );
}
