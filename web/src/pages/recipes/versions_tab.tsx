// Versions: what is between any two in the recipe's own terms, the text of each, and going back to one.
import { useState } from "react";
import { type RecipeDetail, recipesApi, type Version } from "../../api/recipes";
import { useCan } from "../../data/hub";
import { useRead } from "../../data/query";
import { go } from "../../shell/router";
import { recipes as text } from "../../text/recipes";
import { Ago, useSay } from "../../text/surroundings";
import { Button } from "../../ui/button";
import { Badge } from "../../ui/marks";
import { Section, Skeleton } from "../../ui/page";
import { Trouble } from "../../ui/trouble";
import { DiffView } from "./diff_view";
import type { Draft } from "./drafts";
import { pathOf } from "./parts";
import { SourceView } from "./source_view";

interface VersionsProps {
  recipe: RecipeDetail;
  change: (draft: Draft | null) => void;
}

export function VersionsTab({ recipe, change }: VersionsProps) {
  const say = useSay(text);
  const versions = [...(recipe.versions ?? [])].sort((a, b) => b.id - a.id);
  const [to, setTo] = useState(versions[0]?.id ?? 0);
  const [from, setFrom] = useState(versions[1]?.id ?? 0);
  const [open, setOpen] = useState<number | null>(null);
  const choice = (version: Version, which: "from" | "to", chosen: number, set: (id: number) => void) => (
    <label className="version-pick">
      <input type="radio" name={which} checked={chosen === version.id} onChange={() => set(version.id)} />
      {say(`versions.${which}`)}
    </label>
  );
  return (
    <div className="columns">
      <div>
        {versions.length < 2 && <p className="muted">{say("versions.one")}</p>}
        <ol className="plain versions">
          {versions.map((version) => (
            <li key={version.id}>
              <span>
                <code>{version.hash.slice(0, 8)}</code> <Ago at={version.created_ms} />{" "}
                {version.current && <Badge tone="finished">{say("versions.current")}</Badge>}
                {version.live > 0 && <small>{say("versions.live", { count: version.live })}</small>}
              </span>
              <span className="line">
                {versions.length > 1 && choice(version, "from", from, setFrom)}
                {versions.length > 1 && choice(version, "to", to, setTo)}
                <Button
                  small
                  aria-expanded={open === version.id}
                  onClick={() => setOpen(open === version.id ? null : version.id)}
                >
                  {say("tab.text")}
                </Button>
              </span>
            </li>
          ))}
        </ol>
      </div>
      <div>
        {from !== 0 && to !== 0 && <Between recipe={recipe.name} from={from} to={to} />}
        {open !== null && <TextOf recipe={recipe} version={open} change={change} />}
      </div>
    </div>
  );
}

function Between({ recipe, from, to }: { recipe: string; from: number; to: number }) {
  const say = useSay(text);
  const same = from === to;
  const { value, trouble } = useRead(["recipes", recipe, "diff", from, to], () => recipesApi.diff(recipe, from, to), {
    when: !same,
  });
  return (
    <Section title={say("plan.title")}>
      {same && <p className="muted">{say("diff.none")}</p>}
      {trouble && <Trouble trouble={trouble} />}
      {!same && !value && !trouble && <Skeleton rows={2} />}
      {!same && value && <DiffView diff={value.diff} />}
    </Section>
  );
}

interface TextOfProps extends VersionsProps {
  version: number;
}
function TextOf({ recipe, version, change }: TextOfProps) {
  const say = useSay(text);
  const mayEdit = useCan("edit");
  const { value, trouble } = useRead(["recipes", recipe.name, "version", version], () =>
    recipesApi.version(recipe.name, version),
  );
  return (
    <Section
      title={say("versions.text")}
      deeds={
        mayEdit &&
        value && (
          <Button
            small
            onClick={() => {
              change({ source: value.source, format: value.format });
              go(pathOf(recipe.name, "text"));
            }}
          >
            {say("versions.edit")}
          </Button>
        )
      }
    >
      {trouble && <Trouble trouble={trouble} />}
      {!value && !trouble && <Skeleton rows={3} />}
      {value && <SourceView source={value.source} label={say("versions.text")} findings={[]} line={null} />}
    </Section>
  );
}
