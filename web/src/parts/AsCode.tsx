import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { BASE } from "../api/base";
import { Dialog } from "./Dialog";

interface Properties {
  /** From `/api`, with its query. */
  path: string;
  method?: string;
  body?: unknown;
}

/** Shows a request as curl and as Python; the token is left for the reader to put in. */
export function AsCode(properties: Properties): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        As code
      </button>
      {open && (
        <Dialog title="The same from a program" onClose={() => setOpen(false)} large>
          <Code title="curl" text={curlOf(properties)} />
          <Code title="Python" text={pythonOf(properties)} />
        </Dialog>
      )}
    </>
  );
}

function Code({ title, text }: { title: string; text: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  return (
    <div class="stack">
      <div class="row">
        <h3>{title}</h3>
        <button type="button" class="button quiet" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
          {copied ? "Copied" : "Copy"}
        </button>
      </div>
      <pre class="code" tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}

const urlOf = (path: string): string => location.origin + BASE.replace(/\/$/, "") + path;

/** A text in single quotes for a shell. */
const quoted = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;

export function curlOf({ path, method = "GET", body }: Properties): string {
  const lines = [`curl ${method === "GET" ? "" : `-X ${method} `}-H "Authorization: token $SIDEROSTAT_TOKEN"`];
  if (body !== undefined) lines.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(body))}`);
  return [...lines, quoted(urlOf(path))].join(" \\\n  ");
}

export function pythonOf({ path, method = "GET", body }: Properties): string {
  const json = body === undefined ? "" : `\n    json=json.loads(${JSON.stringify(JSON.stringify(body))}),`;
  return [
    ...(body === undefined ? [] : ["import json"]),
    "import os",
    "import requests",
    "",
    `answer = requests.${method.toLowerCase()}(`,
    `    ${JSON.stringify(urlOf(path))},`,
    `    headers={"Authorization": f"token {os.environ['SIDEROSTAT_TOKEN']}"},${json}`,
    ")",
    "answer.raise_for_status()",
    `data = answer.json()["data"]`,
  ].join("\n");
}
