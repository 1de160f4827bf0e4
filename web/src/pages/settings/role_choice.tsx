// A role with what it means.
import { type Role, roles } from "../../api/me";
import { settings as text } from "../../text/settings";
import { useSay } from "../../text/surroundings";

interface RoleChoiceProps {
  role: Role;
  set: (role: Role) => void;
}
export function RoleChoice({ role, set }: RoleChoiceProps) {
  const say = useSay(text);
  return (
    <fieldset className="options">
      <legend>{say("people.role")}</legend>
      {roles.map((one) => (
        <label key={one}>
          <input type="radio" name="role" value={one} checked={one === role} onChange={() => set(one)} />
          <span>
            {say(`role.${one}`)}
            <small>{say(`role.${one}.help`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
