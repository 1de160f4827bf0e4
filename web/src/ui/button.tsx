// Buttons: what can be pressed, and why not where it cannot.
import { type ButtonHTMLAttributes, type Ref, useId } from "react";
import { Icon, type Shape } from "./marks";

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "type" | "className"> {
  kind?: "plain" | "strong" | "danger" | "quiet";
  icon?: Shape;
  only?: boolean; // the icon alone: needs aria-label
  small?: boolean;
  submit?: boolean;
  why?: string | null; // why it may not be pressed now: it stays in reach of the keyboard, and says so
  ref?: Ref<HTMLButtonElement>;
}

export function Button(props: ButtonProps) {
  const { kind = "plain", icon, only, small, submit, why, children, onClick, title, ...rest } = props;
  const note = useId();
  const name = [kind === "plain" ? "" : kind, only ? "square" : "", small ? "small" : ""].filter(Boolean).join(" ");
  return (
    <>
      <button
        {...rest}
        type={submit ? "submit" : "button"}
        className={name || undefined}
        title={why || title || (only ? rest["aria-label"] : undefined)}
        aria-disabled={why ? true : undefined}
        aria-describedby={why ? note : rest["aria-describedby"]}
        onClick={(click) => {
          if (why) click.preventDefault();
          else onClick?.(click);
        }}
      >
        {icon && <Icon shape={icon} />}
        {!only && children}
      </button>
      {why && (
        <span id={note} hidden>
          {why}
        </span>
      )}
    </>
  );
}
