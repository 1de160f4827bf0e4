// People: who may enter, with which role; invitations and new passwords go as links that an owner hands over.
import { useState } from "react";
import { type ApiError, troubleOf } from "../../api/call";
import type { Role } from "../../api/me";
import { type Invitation, type Person, peopleApi } from "../../api/settings";
import { useMe } from "../../data/hub";
import { renew, useRead } from "../../data/query";
import { settings as text } from "../../text/settings";
import { Ago, Moment, useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Command } from "../../ui/code";
import { Confirm, Dialog } from "../../ui/dialog";
import { Badge } from "../../ui/marks";
import { Menu } from "../../ui/menu";
import { Empty, Section, Skeleton } from "../../ui/page";
import { type Column, Table } from "../../ui/table";
import { Around, Trouble } from "../../ui/trouble";
import { NameField } from "./name_field";
import { RoleChoice } from "./role_choice";

const key = ["people"];
type Over = { kind: "invite" } | { kind: "role" | "disable" | "remove"; person: Person } | null;
interface Handed extends Invitation {
  name: string;
  isNew: boolean;
}

export function People() {
  const say = useSay(text);
  const me = useMe();
  const { value, trouble, again } = useRead(key, peopleApi.list);
  const [over, setOver] = useState<Over>(null);
  const [handed, setHanded] = useState<Handed | null>(null);
  const [refusal, setRefusal] = useState<ApiError | null>(null);

  const during = async (work: () => Promise<unknown>) => {
    setRefusal(null);
    try {
      await work();
    } catch (cause) {
      setRefusal(troubleOf(cause));
    }
    renew(key);
  };
  const newLink = (person: Person) =>
    during(async () =>
      setHanded({ ...(await peopleApi.newLink(person.id)), name: person.name, isNew: person.invited }),
    );
  const isMe = (person: Person) => me?.kind === "person" && me.id === person.id;

  const columns: Column<Person>[] = [
    {
      id: "name",
      name: say("people.name"),
      main: true,
      cell: (person) => (
        <>
          <strong>{person.name}</strong> {isMe(person) && <small>{say("people.you")}</small>}
        </>
      ),
    },
    {
      id: "role",
      name: say("people.role"),
      cell: (person) => <span title={say(`role.${person.role}.help`)}>{say(`role.${person.role}`)}</span>,
    },
    {
      id: "state",
      name: say("people.state"),
      cell: (person) =>
        person.disabled ? (
          <Badge tone="failed" icon="refused">
            {say("people.disabled")}
          </Badge>
        ) : person.invited ? (
          <Badge tone="waiting" icon="waiting">
            {say("people.invited")}
          </Badge>
        ) : (
          <Badge tone="finished" icon="finished">
            {say("people.active")}
          </Badge>
        ),
    },
    {
      id: "seen",
      name: say("people.seen"),
      cell: (person) => (person.seen_ms === null ? say("people.never") : <Ago at={person.seen_ms} />),
    },
    {
      id: "deeds",
      name: say("people.more", { name: "" }),
      deeds: true,
      cell: (person) => (
        <Menu
          label={say("people.more", { name: person.name })}
          icon="more"
          only
          small
          kind="quiet"
          items={[
            { name: say("people.change_role"), act: () => setOver({ kind: "role", person }) },
            { name: say(person.invited ? "people.link.invited" : "people.link"), act: () => void newLink(person) },
            person.disabled
              ? {
                  name: say("people.enable"),
                  act: () => void during(() => peopleApi.change(person.id, { disabled: false })),
                }
              : { name: say("people.disable"), danger: true, act: () => setOver({ kind: "disable", person }) },
            { name: say("people.remove"), danger: true, act: () => setOver({ kind: "remove", person }) },
          ]}
        />
      ),
    },
  ];
  const invite = (
    <Button kind="strong" icon="plus" onClick={() => setOver({ kind: "invite" })}>
      {say("people.invite")}
    </Button>
  );
  return (
    <Section title={say("tab.people")} deeds={value && value.length > 0 && invite}>
      <p className="muted">{say("people.about")}</p>
      {trouble && <Trouble trouble={trouble} again={again} />}
      {refusal && <Trouble trouble={refusal} />}
      {!value && !trouble && <Skeleton />}
      {value?.length === 0 && (
        <Empty title={say("people.none")}>
          <p>{say("people.none.text")}</p>
          <p>{invite}</p>
        </Empty>
      )}
      {value && value.length > 0 && (
        <Table label={say("tab.people")} columns={columns} rows={value} id={(person) => person.id} />
      )}
      {over?.kind === "role" && <ChangeRole person={over.person} close={() => setOver(null)} />}
      {over?.kind === "invite" && <Invite close={() => setOver(null)} invited={setHanded} />}
      {(over?.kind === "disable" || over?.kind === "remove") && (
        <Confirm
          title={say(`people.${over.kind}.title`, { name: over.person.name })}
          text={say(`people.${over.kind}.text`)}
          verb={say(`people.${over.kind}`)}
          danger
          act={() =>
            over.kind === "remove"
              ? peopleApi.remove(over.person.id)
              : peopleApi.change(over.person.id, { disabled: true })
          }
          close={() => setOver(null)}
          done={() => renew(key)}
        />
      )}
      {handed && <Link handed={handed} close={() => setHanded(null)} />}
    </Section>
  );
}

function ChangeRole({ person, close }: { person: Person; close: () => void }) {
  const say = useSay(text);
  const [role, setRole] = useState<Role>(person.role);
  return (
    <Confirm
      title={say("people.role_of", { name: person.name })}
      verb={say("people.change_role")}
      ready={role !== person.role}
      act={() => peopleApi.change(person.id, { role })}
      close={close}
      done={() => renew(key)}
    >
      <RoleChoice role={role} set={setRole} />
    </Confirm>
  );
}

function Invite({ close, invited }: { close: () => void; invited: (handed: Handed) => void }) {
  const say = useSay(text);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  return (
    <Confirm
      title={say("people.invite")}
      verb={say("people.invite")}
      ready={name.trim() !== ""}
      act={async () => {
        const { url, expires_ms } = await peopleApi.invite(name.trim(), role);
        invited({ url, expires_ms, name: name.trim(), isNew: true });
      }}
      close={close}
      done={() => renew(key)}
    >
      <NameField title={say("people.name")} help={say("people.name.help")} name={name} set={setName} />
      <RoleChoice role={role} set={setRole} />
    </Confirm>
  );
}

function Link({ handed, close }: { handed: Handed; close: () => void }) {
  const say = useSay(text);
  return (
    <Dialog title={say(handed.isNew ? "link.invite.title" : "link.title", { name: handed.name })} close={close}>
      <p>
        <Around say={say} text="link.text" hole="time">
          <Moment at={handed.expires_ms} />
        </Around>
      </p>
      <p>
        <Command text={handed.url} />
      </p>
      <div className="buttons">
        <Button onClick={close}>{say("action.close")}</Button>
      </div>
    </Dialog>
  );
}
