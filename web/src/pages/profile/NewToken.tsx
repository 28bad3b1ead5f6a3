import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, dataOf } from "../../api/client";
import { session } from "../../api/session";
import { Checks, named, Text } from "../../parts/controls";
import { Form } from "../../parts/Form";

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
  const create = async (): Promise<void> => {
    const body = { name: name.trim(), acls, user_id: owner ?? null };
    made((await dataOf(api.POST("/api/internal/tokens", { body }))).token_id);
  };
  return (
    <Form action="Create token" send={create} leave={["Close", close]}>
      <div class="fields">
        <Text label="Name" hint="What it is for, such as “night reports”" required value={name} set={setName} />
      </div>
      <Checks small legend="Rights; without any it can only look" options={named(rights)} chosen={acls} choose={setAcls} />
    </Form>
  );
}
