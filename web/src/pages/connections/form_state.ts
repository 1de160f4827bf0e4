// The form while it is filled: asks the hub what belongs to the choices, and whether what was entered can be right.
import { useEffect, useRef, useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type Connection, connectionsApi, type Form, type Question } from "../../api/connections";
import { bodyOfOne, choicesOf, type Entered, type Filling, merged } from "./form";

// Codes that say something about the one value that was sent.
const ofTheField = [
  "bad_value",
  "bad_choice",
  "bad_key",
  "secret_too_short",
  "bad_config",
  "bad_url",
  "list_too_long",
] as const;
export type Wrong = (typeof ofTheField)[number];
export const isOfField = (code: string): code is Wrong => (ofTheField as readonly string[]).includes(code);

export function useConnectionForm(connector: string, before: Connection | null) {
  const [entered, setEntered] = useState<Entered>({});
  const [questions, setQuestions] = useState<Question[] | null>(null);
  const [form, setForm] = useState<Form | null>(null);
  const [wrong, setWrong] = useState<Record<string, Wrong>>({});
  const [trouble, setTrouble] = useState<ApiError | null>(null);
  const asked = useRef(0);
  const filling: Filling = { connector, entered, before };

  // The newest question counts: an answer to an older one is dropped.
  const lay = async (known: readonly Question[], now: Filling) => {
    const number = ++asked.current;
    try {
      const next = await connectionsApi.form(connector, { config: choicesOf(known, now), secrets: {} });
      if (number !== asked.current) return;
      setTrouble(null);
      setForm(next);
      const all = merged(known, next, now);
      setQuestions(all);
      // A choice that came with its default, or as the connection has it, decides at once what else is asked.
      const settled = choicesOf(all, now);
      if (Object.keys(settled).some((name) => !(name in choicesOf(known, now)))) void lay(all, now);
    } catch (cause) {
      if (number === asked.current) setTrouble(troubleOf(cause));
    }
  };
  useEffect(() => {
    void lay([], { connector, entered: {}, before });
  }, [connector, before?.name]);

  const set = (question: Question, value: string) => {
    const next = { ...entered, [question.name]: value };
    setEntered(next);
    setWrong(({ [question.name]: _, ...others }) => others);
    if (question.need === "choice") void lay(questions ?? [], { ...filling, entered: next });
  };
  const judge = async (question: Question) => {
    const body = bodyOfOne(question, questions ?? [], filling);
    if (!(question.name in body.config) && !(question.name in body.secrets)) return;
    try {
      await connectionsApi.form(connector, body);
    } catch (cause) {
      const { code } = troubleOf(cause);
      if (isOfField(code)) setWrong((others) => ({ ...others, [question.name]: code }));
    }
  };
  return { filling, questions, form, wrong, trouble, set, judge };
}
