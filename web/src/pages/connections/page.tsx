// Connections: the list, one of them, adding and changing one. Their addresses:
// /connections, /connections/+add(/CONNECTOR), /connections/NAME(/settings).
import { match, usePlace } from "../../shell/router";
import "./connections.css";
import { AddConnection, ChangeConnection } from "./add";
import { ConnectionList } from "./list";
import { ConnectionPage } from "./one";

export default function Connections() {
  const { path } = usePlace();
  const adding = match("/connections/+add/:connector", path) ?? match("/connections/+add", path);
  if (adding) return <AddConnection connector={adding.get("connector") ?? null} />;
  const changing = match("/connections/:name/settings", path);
  if (changing) return <ChangeConnection key={path} name={changing.get("name") ?? ""} />;
  const one = match("/connections/:name", path);
  if (one) return <ConnectionPage key={path} name={one.get("name") ?? ""} />;
  return <ConnectionList />;
}
