// The name of a person or a token.
import { Field } from "../../ui/field";

interface NameFieldProps {
  title: string;
  help?: string;
  name: string;
  set: (name: string) => void;
}
export function NameField({ title, help, name, set }: NameFieldProps) {
  return (
    <Field name={title} help={help}>
      {(tied) => (
        <input
          {...tied}
          value={name}
          maxLength={64}
          autoComplete="off"
          onChange={(change) => set(change.target.value)}
        />
      )}
    </Field>
  );
}
