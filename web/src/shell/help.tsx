// The keys that the console knows.
import { shell } from "../text/shell";
import { useSay } from "../text/surroundings";
import { Dialog } from "../ui/dialog";
import { goKeys } from "./keyboard";
import { entries } from "./navigation";

export default function Help({ close }: { close: () => void }) {
  const say = useSay(shell);
  const pages = entries.flatMap((group) => group.entries);
  const groups = [
    {
      name: say("help.everywhere"),
      keys: [
        ["Ctrl K", say("help.palette")],
        ["/", say("help.search")],
        ["t", say("help.send")],
        ["Esc", say("help.close")],
        ["?", say("help.help")],
      ],
    },
    {
      name: say("help.in_list"),
      keys: [
        ["j ↓", say("help.next")],
        ["k ↑", say("help.previous")],
        ["Enter", say("help.open")],
        ["x", say("help.select")],
      ],
    },
    {
      name: say("help.go"),
      keys: [...goKeys].map(([letter, to]) => {
        const entry = pages.find((one) => one.to === to);
        return [`g ${letter}`, entry ? say(entry.name) : to];
      }),
    },
  ] as const;
  return (
    <Dialog title={say("help.title")} close={close} wide>
      <div className="key-groups">
        {groups.map((group) => (
          <section key={group.name}>
            <h3>{group.name}</h3>
            <dl className="keys">
              {group.keys.map(([key = "", text]) => (
                <div key={key}>
                  <dt>
                    {key.split(" ").map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
