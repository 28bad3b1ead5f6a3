import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import { session } from "../../api/session";
import { ProblemNote } from "../../parts/Problem";
import { Check, Text } from "../service/form/controls";

interface Properties {
  made: (token: string) => void;
  close: () => void;
  /** Whose it will be, if not one's own. */
  owner?: number;
}

/** Makes a token with some of one's own rights. */
export function NewToken({ made, close, owner }: Properties): JSX.Element {
  const rights = [...(session.value?.permissions ?? [])].sort();
  const [name, setName] = useState("");
  const [acls, setAcls] = useState<string[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const create = (): void => {
    setProblem(null);
    dataOf(api.POST("/api/internal/tokens", { body: { name: name.trim(), acls, user_id: owner ?? null } })).then(
      ({ token_id }) => made(token_id),
      setProblem,
    );
  };
  return (
    <form
      class="stack note"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        create();
      }}
    >
      <div class="fields">
        <Text label="Name" hint="What it is for, such as “night reports”" required value={name} set={setName} />
      </div>
      <fieldset>
        <legend class="small muted">Rights; without any it can only look</legend>
        <div class="checks">
          {rights.map((right) => (
            <Check
              key={right}
              label={right}
              on={acls.includes(right)}
              set={(on) => setAcls(on ? [...acls, right] : acls.filter((other) => other !== right))}
            />
          ))}
        </div>
      </fieldset>
      <ProblemNote problem={problem} again={create} />
      <div class="row">
        <button type="submit" class="button primary">
          Create token
        </button>
        <button type="button" class="button" onClick={close}>
          Close
        </button>
      </div>
    </form>
  );
}
