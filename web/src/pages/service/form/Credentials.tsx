import type { JSX } from "preact";
import { Text } from "../../../parts/controls";
import { CREDENTIALS } from "./values";

interface Properties {
  kind: string;
  /** The kind of the credentials that are stored; null if there are none. */
  stored: string | null;
  /** Null while the stored ones are left alone. */
  given: Record<string, string> | null;
  give: (credentials: Record<string, string> | null) => void;
}

/** Credentials go one way: they can be given and replaced, never read. */
export function Credentials({ kind, stored, given, give }: Properties): JSX.Element | null {
  const fields = CREDENTIALS[kind] ?? [];
  if (fields.length === 0) return null;
  if (stored === kind && given === null) {
    return (
      <p class="row">
        <span class="muted">Credentials are stored, encrypted; nobody can read them here.</span>
        <button type="button" class="button" onClick={() => give({})}>
          Replace them
        </button>
      </p>
    );
  }
  return (
    <div class="fields">
      {fields.map(([key, label, secret]) => (
        <Text
          key={key}
          label={label}
          type={secret ? "password" : "text"}
          value={given?.[key] ?? (key === "header" ? "Authorization" : "")}
          set={(value) => give({ ...given, [key]: value })}
        />
      ))}
    </div>
  );
}
