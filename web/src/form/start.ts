import { useRef, useState } from "preact/hooks";
import { ask } from "../api/client";
import { soon } from "../live/changes";
import { Intention } from "./intention";

interface Start {
  /** Posts what `bodyOf` gives; what goes wrong is the problem, and a second click meanwhile is none. */
  post: (path: string, bodyOf: () => Promise<unknown>) => Promise<void>;
  sending: boolean;
  problem: unknown;
}

/** Starts runs, once for every intention, and tells the id of what was started. */
export function useStart(onStarted: (id: number) => void): Start {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const intention = useRef(new Intention());
  const busy = useRef(false);
  const post: Start["post"] = async (path, bodyOf) => {
    if (busy.current) return;
    busy.current = true;
    setSending(true);
    setProblem(null);
    try {
      const body = await bodyOf();
      const headers = { "Idempotency-Key": intention.current.keyOf(JSON.stringify([path, body])) };
      const { id } = await ask<{ id: number }>("POST", path, { body, headers });
      intention.current.done();
      soon();
      onStarted(id);
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      busy.current = false;
      setSending(false);
    }
  };
  return { post, sending, problem };
}
