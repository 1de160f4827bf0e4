// One question of the form, by its type: choice, switch, list, secret, key file, text with suggestions from the vendor.
import { useId, useState } from "react";
import type { Question } from "../../api/connections";
import { connections as text } from "../../text/connections";
import { useBoth, useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Icon } from "../../ui/marks";
import { asEntered } from "./form";
import { type KeyTrouble, keyOwner, readKeyFile } from "./key_file";
import { useSuggestions } from "./suggestions";

interface QuestionProps {
  question: Question;
  value: string;
  there: boolean; // a secret that the connection has already
  wrong: string | null;
  connection: string | null; // one that is changed: its vendor may have proposals
  set: (value: string) => void;
  left: () => void; // the reader went on: time to ask the hub about it
}

export function QuestionField(props: QuestionProps) {
  const { question, value, there, wrong, connection, set, left } = props;
  const suggestions = useSuggestions(connection, question);
  const say = useSay(text);
  const both = useBoth();
  const options = useId();
  const isText = !question.choices && question.type !== "boolean";
  const fallback = asEntered(question.default);
  const notes = [
    question.type === "list" ? say("form.list") : "",
    question.secret ? say("form.never") : "",
    isText && fallback !== "" ? say("form.default", { value: fallback }) : "",
  ].filter(Boolean);
  const help = both(question.help);
  const optional = there
    ? say("form.there")
    : (question.need === "may" || question.need === "more") && isText && !question.required
      ? say("form.may")
      : undefined;
  return (
    <Field
      name={both(question.title) || question.name}
      optional={optional}
      wrong={wrong}
      help={
        help !== "" || notes.length > 0 ? (
          <>
            {help !== "" && <span className="help-text">{help}</span>}
            {notes.length > 0 && <span className="notes">{notes.join(" · ")}</span>}
          </>
        ) : undefined
      }
    >
      {(tied) => {
        if (question.key_file) return <KeyFile tied={tied} value={value} set={set} left={left} />;
        if (question.choices)
          return (
            <select {...tied} value={value} onChange={(change) => set(change.target.value)}>
              {!question.choices.includes(value) && <option value={value}>{value || say("form.empty")}</option>}
              {question.choices.map((choice) => (
                <option key={choice}>{choice}</option>
              ))}
            </select>
          );
        if (question.type === "boolean")
          return (
            <select {...tied} value={value} onChange={(change) => set(change.target.value)}>
              {value === "" && <option value="">{say("form.empty")}</option>}
              <option value="true">{say("form.on")}</option>
              <option value="false">{say("form.off")}</option>
            </select>
          );
        if (question.type === "list")
          return (
            <textarea
              {...tied}
              rows={3}
              spellCheck={false}
              value={value}
              onChange={(change) => set(change.target.value)}
              onBlur={left}
            />
          );
        return (
          <>
            <input
              {...tied}
              type={question.secret ? "password" : "text"}
              autoComplete={question.secret ? "new-password" : "off"}
              spellCheck={false}
              inputMode={question.type === "integer" ? "numeric" : undefined}
              placeholder={fallback}
              list={suggestions.length > 0 ? options : undefined}
              value={value}
              onChange={(change) => set(change.target.value)}
              onBlur={left}
            />
            {suggestions.length > 0 && (
              <datalist id={options}>
                {suggestions.map((one) => (
                  <option key={one.key} value={one.key}>
                    {one.title}
                  </option>
                ))}
              </datalist>
            )}
          </>
        );
      }}
    </Field>
  );
}

interface KeyFileProps {
  tied: { id: string };
  value: string;
  set: (value: string) => void;
  left: () => void;
}

// The file is read here and goes to the hub with the form; what is in it is never shown.
function KeyFile({ tied, value, set, left }: KeyFileProps) {
  const say = useSay(text);
  const [file, setFile] = useState("");
  const [trouble, setTrouble] = useState<KeyTrouble | null>(null);
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    const read = await readKeyFile(chosen);
    setTrouble("trouble" in read ? read.trouble : null);
    if ("trouble" in read) return;
    setFile(chosen.name);
    set(read.text);
  };
  const owner = keyOwner(value);
  if (value !== "")
    return (
      <p className="key-taken" role="status">
        <Icon shape="finished" />
        <span>
          {owner !== ""
            ? say("form.key_taken", { file: file || "JSON", owner })
            : say("form.key_read", { file: file || "JSON" })}
        </span>
        <Button
          small
          onClick={() => {
            set("");
            left();
          }}
        >
          {say("form.key_drop")}
        </Button>
      </p>
    );
  return (
    <>
      <input
        {...tied}
        type="file"
        accept=".json,application/json"
        aria-label={say("form.key_file")}
        onChange={(change) => void take(change.target.files?.[0])}
      />
      {trouble && (
        <p className="problem" role="alert">
          {say(`key.${trouble}`)}
        </p>
      )}
    </>
  );
}
