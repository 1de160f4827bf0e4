// Where the search text was found, with the words marked.
export interface Piece {
  text: string;
  hit: boolean;
}
// The text in pieces, of which those that are one of the words are hits; longer words first, without regard to case.
export function pieces(text: string, words: readonly string[]): Piece[] {
  const lower = text.toLowerCase();
  // Where lower case has another length, positions would not fit.
  const usable =
    lower.length === text.length ? words.map((word) => word.toLowerCase()).filter((word) => word !== "") : [];
  usable.sort((a, b) => b.length - a.length);
  const found: Piece[] = [];
  let plain = 0;
  for (let at = 0; at < text.length; ) {
    const word = usable.find((one) => lower.startsWith(one, at));
    if (!word) {
      at += 1;
      continue;
    }
    if (at > plain) found.push({ text: text.slice(plain, at), hit: false });
    found.push({ text: text.slice(at, at + word.length), hit: true });
    at += word.length;
    plain = at;
  }
  if (plain < text.length) found.push({ text: text.slice(plain), hit: false });
  return found;
}

export function Found({ text, words }: { text: string; words: readonly string[] }) {
  return (
    <span className="found" title={text}>
      {pieces(text, words).map((piece, index) =>
        piece.hit ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
      )}
    </span>
  );
}
