#include "sandbox/page_parts.hpp"

namespace ieum::sandbox {

std::string_view page_style() {
  return R"css(
:root { color-scheme: light; --ink: #1c1e21; --soft: #5d6066; --line: #dfe1e5; --paper: #fff; --back: #f3f4f6; --accent: #3559c7; --bad: #b3261e; --good: #1a7f37; --pre: #f6f7f9; --room: #b6c7d9; --name: #3d4d5c; --letter: #e3e7ee; --link: #1264a3; --chip: #e7e9ed; --chip-ink: #44474c; --new: #f7d046; }
:root[data-theme=dark] { color-scheme: dark; --ink: #e8eaed; --soft: #a3a8af; --line: #33373d; --paper: #1d2024; --back: #131518; --accent: #8ab0ff; --bad: #ff8a80; --good: #5bd17f; --pre: #14171a; --room: #2b3540; --name: #b9c6d3; --letter: #2f343b; --link: #7db7ec; --chip: #33373d; --chip-ink: #d0d4d9; --new: #8a7420; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--back); font: 14px/1.55 "Pretendard", "Apple SD Gothic Neo", "Noto Sans KR", "NanumGothic", "Malgun Gothic", system-ui, sans-serif; word-break: keep-all; overflow-wrap: anywhere; }
button, input { font: inherit; color: inherit; }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; padding: 10px 20px; background: var(--paper); border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 16px; }
#note { color: var(--soft); font-size: 13px; }
#tools { margin-left: auto; display: flex; align-items: center; gap: 8px; }
#live { display: inline-flex; align-items: center; gap: 6px; color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
#live::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--good); }
#live.off::before { background: var(--bad); }
#tools button, nav button { border: 1px solid var(--line); border-radius: 6px; background: var(--paper); padding: 3px 10px; cursor: pointer; }
#tools button:hover, nav button:hover { border-color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(270px, 350px); gap: 20px; max-width: 1120px; margin: 0 auto; padding: 16px 20px 40px; align-items: start; }
nav { display: flex; flex-wrap: wrap; gap: 6px; margin-bottom: 12px; }
nav button[aria-pressed=true] { background: var(--ink); border-color: var(--ink); color: var(--paper); }
nav b { font-weight: 400; opacity: .65; margin-left: 5px; }
h2 { margin: 4px 0 10px; font-size: 13px; color: var(--soft); font-weight: 600; }
.empty { padding: 36px 20px; text-align: center; color: var(--soft); border: 1px dashed var(--line); border-radius: 10px; background: var(--paper); }
.card { margin: 0 0 14px; border: 1px solid var(--line); border-radius: 10px; overflow: hidden; background: var(--paper); }
.card.new { animation: arrive 1.2s ease-out; }
@keyframes arrive { from { box-shadow: 0 0 0 3px var(--new); } to { box-shadow: 0 0 0 3px transparent; } }
@media (prefers-reduced-motion: reduce) { .card.new { animation: none; } }
.to { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; padding: 7px 12px; border-bottom: 1px solid var(--line); font-size: 12px; color: var(--soft); }
.to strong { color: var(--ink); font-size: 13px; }
.to time { margin-left: auto; font-variant-numeric: tabular-nums; }
.twice { color: var(--bad); font-weight: 700; }
.room { padding: 14px; background: var(--room); }
.sender { display: flex; gap: 8px; }
.face { flex: none; width: 36px; height: 36px; border-radius: 13px; background: #dce5ee; color: #4b6179; display: grid; place-items: center; font-weight: 700; font-size: 13px; }
.name { font-size: 12px; color: var(--name); margin-bottom: 4px; }
.bubble { width: min(290px, 100%); border-radius: 4px 14px 14px 14px; overflow: hidden; background: #fff; color: #1c1e21; }
.band { display: flex; justify-content: space-between; gap: 8px; padding: 8px 12px; background: #fee500; color: #191600; font-weight: 600; font-size: 13px; }
.band span { font-weight: 400; opacity: .75; }
.bubble p, .text p, .slack p { margin: 0; white-space: pre-wrap; }
.bubble p { padding: 12px; }
.buttons { padding: 0 12px 12px; display: grid; gap: 6px; }
.buttons a { display: block; text-align: center; text-decoration: none; color: #1c1e21; background: #f1f2f4; border-radius: 5px; padding: 7px; font-size: 13px; }
.buttons a:hover { background: #e5e7ea; }
.buttons a:not([href]) { color: #65686c; }
.buttons a.add { background: #fee500; color: #191600; }
.text { padding: 14px; background: var(--pre); }
.text p { width: fit-content; max-width: 320px; padding: 9px 13px; border-radius: 4px 16px 16px 16px; background: var(--letter); }
.slack { display: flex; gap: 10px; padding: 12px 14px; }
.slack .face { border-radius: 6px; background: #4a154b; color: #fff; }
.slack .who { font-weight: 700; }
.slack .app { font-weight: 600; font-size: 10px; background: var(--chip); color: var(--chip-ink); border-radius: 3px; padding: 1px 4px; margin: 0 6px; }
.slack .mention { background: #fdf1cf; color: #1264a3; border-radius: 3px; padding: 0 2px; }
.slack a { color: var(--link); }
.said { min-width: 0; flex: 1; display: grid; gap: 6px; }
.said h3 { margin: 2px 0; font-size: 16px; }
.said hr { width: 100%; border: 0; border-top: 1px solid var(--line); margin: 2px 0; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 16px; }
.accessory { display: flex; justify-content: space-between; gap: 12px; align-items: start; }
.context { display: flex; flex-wrap: wrap; gap: 4px 10px; color: var(--soft); font-size: 12px; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.button, .slack a.button { display: inline-block; font-weight: 700; font-size: 13px; padding: 4px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); color: var(--ink); text-decoration: none; cursor: pointer; }
.button.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.button.danger { background: #c2203f; border-color: #c2203f; color: #fff; }
.button:hover { filter: brightness(.95); }
.note { color: var(--soft); font-size: 12px; }
.picture { color: var(--soft); border: 1px dashed var(--line); border-radius: 6px; padding: 2px 8px; width: fit-content; }
.mail { padding: 12px 14px; }
.mail dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; margin: 0 0 10px; font-size: 13px; }
.mail dt { color: var(--soft); }
.mail dd { margin: 0; font-weight: 600; }
.mail p { margin: 0; white-space: pre-wrap; }
.mail iframe { width: 100%; height: 320px; border: 1px solid var(--line); border-radius: 6px; background: #fff; color-scheme: light; }
.sheet .tab { padding: 6px 14px; color: var(--good); font-weight: 600; font-size: 13px; }
.sheet .grid { overflow: auto; max-height: 320px; }
.sheet table { border-collapse: collapse; font-size: 13px; }
.sheet th { font-weight: 400; color: var(--soft); background: var(--pre); min-width: 34px; text-align: center; }
.sheet th, .sheet td { border: 1px solid var(--line); padding: 3px 10px; white-space: pre; max-width: 280px; overflow: hidden; text-overflow: ellipsis; }
.sheet tr.changed td { background: color-mix(in srgb, var(--new) 35%, transparent); }
code, pre { font: 12px/1.5 ui-monospace, "D2Coding", "NanumGothicCoding", "DejaVu Sans Mono", monospace; }
.slack code { background: var(--pre); border: 1px solid var(--line); border-radius: 3px; padding: 0 3px; color: var(--bad); }
.http { padding: 10px 14px; }
.http pre { margin: 6px 0 0; padding: 10px; background: var(--pre); border-radius: 6px; white-space: pre-wrap; max-height: 260px; overflow: auto; }
.http code { font-weight: 600; }
aside { position: sticky; top: 62px; }
ol { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); overflow: hidden; }
aside section + section { margin-top: 18px; }
aside ol { max-height: 46vh; overflow: auto; }
li { border-bottom: 1px solid var(--line); font-size: 12px; }
li.none { padding: 6px 10px; }
summary { display: grid; grid-template-columns: auto 1fr auto; gap: 0 8px; padding: 6px 10px; align-items: baseline; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--pre); }
summary:focus-visible { outline-offset: -2px; }
details > div { padding: 0 10px 8px; }
details pre { margin: 2px 0 0; padding: 8px; background: var(--pre); border-radius: 6px; white-space: pre-wrap; max-height: 240px; overflow: auto; font-size: 11px; }
li:last-child { border-bottom: 0; }
li small { grid-column: 1 / -1; color: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
li .status { font-variant-numeric: tabular-nums; color: var(--soft); }
.effect { padding: 0 6px; border-radius: 8px; background: var(--chip); color: var(--chip-ink); font-size: 11px; }
.effect.applied { background: #daf3e1; color: #0f5c26; }
.effect.refused { background: #fbe2e0; color: #8c1d18; }
.effect.repeated { background: #fdf0c8; color: #6b4e00; }
.fault { color: var(--bad); }
@media (max-width: 760px) { main { grid-template-columns: minmax(0, 1fr); padding: 12px; } header { padding: 10px 12px; } aside { position: static; } }
)css";
}

}  // namespace ieum::sandbox
