// The ways in: /enter and /claim and /invitation with a secret behind '#', and /login.
import { Claim } from "./claim";
import "./door.css";
import { Enter } from "./enter";
import { Invitation } from "./invitation";
import { LogIn } from "./log_in";

interface DoorProps {
  door: string; // the path
  secret: string | null; // what stood behind its '#'
  entered: () => void; // a session has begun
}
export default function Door({ door, secret, entered }: DoorProps) {
  if (door === "/claim") return <Claim token={secret ?? ""} entered={entered} />;
  if (door === "/invitation") return <Invitation token={secret ?? ""} entered={entered} />;
  if (door === "/enter" && secret) return <Enter code={secret} entered={entered} />;
  return <LogIn entered={entered} />;
}
