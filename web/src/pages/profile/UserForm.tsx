import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, ask, dataOf } from "../../api/client";
import { useAsked } from "../../live/cache";
import { Checks, Text } from "../../parts/controls";
import { Dialog } from "../../parts/Dialog";
import { ProblemNote } from "../../parts/Problem";
import type { User } from "./UsersPanel";

interface Properties {
  /** Null to make a new one. */
  user: User | null;
  close: () => void;
  saved: () => void;
}

/** Makes an account, or changes its roles and when it closes. */
export function UserForm({ user, close, saved }: Properties): JSX.Element {
  const roles = useAsked("roles", () => dataOf(api.GET("/api/roles", {})));
  const [values, setValues] = useState({
    username: "",
    first_name: user?.first_name ?? "",
    last_name: user?.last_name ?? "",
    contact_email: user?.contact_email ?? "",
    closes: user?.expiration_date?.slice(0, 10) ?? "",
  });
  const [held, setHeld] = useState<string[]>(user?.roles ?? ["Full user"]);
  const [problem, setProblem] = useState<unknown>(null);
  const set = (part: Partial<typeof values>): void => setValues({ ...values, ...part });
  const save = (): void => {
    setProblem(null);
    const facts = { first_name: values.first_name || null, last_name: values.last_name || null, contact_email: values.contact_email || null, roles: held };
    const body = user ? { ...facts, expirationDate: values.closes || null } : { ...facts, username: values.username.trim() };
    ask(user ? "PATCH" : "POST", user ? `/api/user/${user.id}` : "/api/user", { body }).then(saved, setProblem);
  };
  return (
    <Dialog title={user ? `Change ${user.username}` : "A new user"} onClose={close}>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <div class="fields">
          {!user && <Text label="User name" required value={values.username} set={(username) => set({ username })} />}
          <Text label="First name" value={values.first_name} set={(first_name) => set({ first_name })} />
          <Text label="Last name" value={values.last_name} set={(last_name) => set({ last_name })} />
          <Text label="Mail" type="email" value={values.contact_email} set={(contact_email) => set({ contact_email })} />
          {user && <Text label="Closes on" hint="A date, such as 2027-01-31; empty for never" value={values.closes} set={(closes) => set({ closes })} />}
        </div>
        <Checks small legend="Roles" options={(roles.data ?? []).map(({ id }) => [id, id])} chosen={held} choose={setHeld} />
        <ProblemNote problem={problem ?? roles.problem} again={problem ? save : () => void roles.again()} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick={close}>
            Close
          </button>
          <button type="submit" class="button primary">
            Save user
          </button>
        </div>
      </form>
    </Dialog>
  );
}
