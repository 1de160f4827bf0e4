// The last net: when the page itself breaks, or a piece of it is gone since the hub was renewed, it says so.
import { Component, type ReactNode } from "react";

export class Broken extends Component<{ children: ReactNode }, { why: string | null }> {
  override state: { why: string | null } = { why: null };

  static getDerivedStateFromError(cause: unknown) {
    return { why: cause instanceof Error ? cause.message : String(cause) };
  }

  // In both languages: what broke may be the words.
  override render() {
    if (this.state.why === null) return this.props.children;
    return (
      <main className="door" role="alert">
        <h1>Ieum 이음</h1>
        <p>The page is broken, or the hub has a newer one. Reload it; the hub itself goes on.</p>
        <p lang="ko">화면에 문제가 생겼거나 허브에 새 화면이 있습니다. 다시 읽어 오세요. 허브는 계속 일합니다.</p>
        <button type="button" className="strong" onClick={() => location.reload()}>
          Reload · 다시 읽기
        </button>
        <p className="muted">{this.state.why}</p>
      </main>
    );
  }
}
