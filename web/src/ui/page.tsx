// A page's head with its deeds, what stands where nothing is, and the shape of what is still being read.
import { type ReactNode, useEffect } from "react";
import { useSurroundings } from "../text/surroundings";

interface PageProps {
  title: string;
  lead?: ReactNode; // a line under the title
  before?: ReactNode; // the way back
  deeds?: ReactNode;
  children: ReactNode;
}

export function Page({ title, lead, before, deeds, children }: PageProps) {
  const { say } = useSurroundings();
  useEffect(() => {
    document.title = `${title} · ${say("app.name")}`;
  }, [title, say]);
  return (
    <>
      <header className="page-head">
        <div>
          {before}
          <h1 tabIndex={-1}>{title}</h1>
          {lead && <div className="lead">{lead}</div>}
        </div>
        {deeds && <div className="deeds">{deeds}</div>}
      </header>
      {children}
    </>
  );
}

// Nothing here: what would be, how it comes about, and what to do.
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Skeleton({ rows = 4 }: { rows?: number }) {
  const { say } = useSurroundings();
  return (
    <div className="skeleton" role="status">
      <span className="offstage">{say("action.reading")}</span>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}

export function Section(props: { title: ReactNode; deeds?: ReactNode; children: ReactNode; label?: string }) {
  return (
    <section className="section" aria-label={props.label}>
      <header>
        <h2>{props.title}</h2>
        {props.deeds && <div className="deeds">{props.deeds}</div>}
      </header>
      {props.children}
    </section>
  );
}

// Names with their values.
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}
export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
