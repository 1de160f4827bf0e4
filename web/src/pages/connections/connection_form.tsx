// The form of a connection: what must be known first, what may be set besides behind a fold. Stores it when it is sent.
import { type ReactNode, useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import { type Connection, type Connector, connectionsApi, type Question } from "../../api/connections";
import { renew } from "../../data/query";
import { connections as text } from "../../text/connections";
import { useBoth, useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Command, Fold } from "../../ui/code";
import { Field } from "../../ui/field";
import { Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { asEntered, bodyOf, freeName, goesElsewhere, hasSecret, isName, lines, missing, shown } from "./form";
import { useConnectionForm } from "./form_state";
import { Help } from "./help";
import { QuestionField } from "./inputs";
import { connectionsKey } from "./parts";

interface FormProps {
  connector: Connector;
  before: Connection | null;
  taken: readonly string[];
  stored: (connection: Connection) => void;
  back: ReactNode;
}

export function ConnectionForm({ connector, before, taken, stored, back }: FormProps) {
  const say = useSay(text);
  const both = useBoth();
  const { filling, questions, form, wrong, trouble, set, judge } = useConnectionForm(connector.name, before);
  const [name, setName] = useState(before?.name ?? freeName(connector.name, taken));
  const [origins, setOrigins] = useState<string | null>(null);
  const [sent, setSent] = useState<"no" | "yes" | "refused">("no");
  const [refusal, setRefusal] = useState<ApiError | null>(null);

  const all = questions ?? [];
  const body = bodyOf(all, filling);
  const lacks = missing(all, filling);
  const nameWrong =
    before !== null
      ? null
      : !isName(name)
        ? say("form.name.bad")
        : taken.includes(name)
          ? say("form.name.taken")
          : null;
  const wrongOf = (question: Question): string | null => {
    const code = wrong[question.name];
    if (code) return say(`bad.${code}`);
    return sent === "refused" && lacks.includes(question.name) ? say("bad.needed") : null;
  };
  const field = (question: Question) => (
    <QuestionField
      key={question.name}
      question={question}
      value={shown(question, filling)}
      there={question.secret && hasSecret(filling, question.name)}
      wrong={wrongOf(question)}
      connection={before?.name ?? null}
      set={(value) => set(question, value)}
      left={() => void judge(question)}
    />
  );
  const store = async () => {
    setRefusal(null);
    if (nameWrong || lacks.length > 0 || Object.keys(wrong).length > 0) {
      setSent("refused");
      return;
    }
    setSent("yes");
    try {
      const given = origins === null ? {} : { origins: lines(origins) };
      const kept = before !== null && origins === null ? { origins: extraOrigins(before, connector) } : {};
      stored(await connectionsApi.put({ name, connector: connector.name, ...body, ...kept, ...given }));
      renew(connectionsKey);
    } catch (cause) {
      setRefusal(troubleOf(cause));
      setSent("no");
    }
  };

  if (!questions) return trouble ? <Trouble trouble={trouble} /> : <Skeleton rows={6} />;
  const choices = all.filter((question) => question.need === "choice");
  const first = all.filter((question) => question.need === "must" || question.need === "may");
  const more = all.filter((question) => question.need === "more");
  const names = lacks.map((one) => both(all.find((question) => question.name === one)?.title) || one);
  return (
    <form
      className="connection-form"
      noValidate
      onSubmit={(submit) => {
        submit.preventDefault();
        if (sent !== "yes") void store();
      }}
    >
      <div className="about">
        <Help text={both(connector.help)} />
      </div>
      {before === null && (
        <Field name={say("form.name")} help={say("form.name.help")} wrong={nameWrong}>
          {(tied) => (
            <input
              {...tied}
              value={name}
              maxLength={63}
              spellCheck={false}
              autoCapitalize="off"
              autoComplete="off"
              onChange={(change) => setName(change.target.value.trim())}
            />
          )}
        </Field>
      )}
      {choices.map(field)}
      {form?.login &&
        (form.redirect ? (
          <div className="note">
            <p>{say("form.redirect")}</p>
            <Command text={form.redirect} />
          </div>
        ) : (
          <p className="note">{say("form.no_redirect")}</p>
        ))}
      {first.map(field)}
      {(more.length > 0 || before !== null) && (
        <Fold title={say("form.more", { count: more.length + 1 })}>
          <div className="fields-more">
            {more.map(field)}
            <Field name={say("form.origins")} help={say("form.origins.help")}>
              {(tied) => (
                <textarea
                  {...tied}
                  rows={2}
                  spellCheck={false}
                  value={origins ?? (before ? extraOrigins(before, connector).join("\n") : "")}
                  onChange={(change) => setOrigins(change.target.value)}
                />
              )}
            </Field>
          </div>
        </Fold>
      )}
      {goesElsewhere(before, body.config) && <p className="note grave">{say("form.elsewhere")}</p>}
      {sent === "refused" && names.length > 0 && (
        <p className="problem" role="alert">
          {say("form.missing", { fields: names.join(", ") })}
        </p>
      )}
      {refusal && <Trouble trouble={refusal} />}
      {trouble && <Trouble trouble={trouble} />}
      <div className="buttons">
        {back}
        <Button kind="strong" submit disabled={sent === "yes"}>
          {say(sent === "yes" ? "form.storing" : "form.store")}
        </Button>
      </div>
    </form>
  );
}

// Those that an owner added; the others follow from the connector and its settings.
function extraOrigins(before: Connection, connector: Connector): string[] {
  const value = (name: string): string => {
    const field = connector.fields.find((one) => one.name === name);
    return asEntered(before.config[name] ?? field?.default);
  };
  const own = connector.origins.map((origin) => originOf(origin.replace(/\{(\w+)\}/g, (_, name) => value(name))));
  return before.origins.filter((origin) => !own.includes(origin));
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);
