// A field of a form: its name, its help and what is wrong with it, tied to the control for those who cannot see it.
import { type ReactNode, useId } from "react";

interface Tied {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}
interface FieldProps {
  name: string;
  help?: ReactNode;
  wrong?: string | null;
  optional?: string; // the word for it
  children: (tied: Tied) => ReactNode; // the control: spread what is given over it
}

export function Field({ name, help, wrong, optional, children }: FieldProps) {
  const id = useId();
  const described = [help ? `${id}-help` : "", wrong ? `${id}-wrong` : ""].filter(Boolean).join(" ");
  const tied: Tied = { id };
  if (described) tied["aria-describedby"] = described;
  if (wrong) tied["aria-invalid"] = true;
  return (
    <div className="field">
      <label htmlFor={id}>
        {name}
        {optional && <small> {optional}</small>}
      </label>
      {children(tied)}
      {help && (
        <small id={`${id}-help`} className="help">
          {help}
        </small>
      )}
      {wrong && (
        <p id={`${id}-wrong`} className="problem" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

export function Check(props: { name: ReactNode; on: boolean; set: (on: boolean) => void; disabled?: boolean }) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={props.on}
        disabled={props.disabled}
        onChange={(change) => props.set(change.target.checked)}
      />
      <span>{props.name}</span>
    </label>
  );
}
