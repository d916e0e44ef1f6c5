#include "doctor/report_parts/html_parts.hpp"

namespace doctor::report_parts {
namespace {

constexpr std::string_view style = R"css(
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1b1f24; --faint: #57606a; --line: #d5dae0;
  --code: #f0f2f5; --link: #0b57d0;
  --failing: #b3261e; --failing-soft: #fdecea; --warning: #8a5300; --warning-soft: #fff4e0;
  --remark: #1f5fbf; --remark-soft: #e9f1fd; --sound: #24713a; --sound-soft: #e8f5ec;
  --unchecked: #5d6670; --unchecked-soft: #eef0f2;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #111417; --card: #1a1e23; --text: #e4e7ea; --faint: #9aa4af; --line: #343b43;
    --code: #23282e; --link: #8ab4f8;
    --failing: #ff8f86; --failing-soft: #3a1f1e; --warning: #f2b45c; --warning-soft: #35290f;
    --remark: #8ab4f8; --remark-soft: #1a2a43; --sound: #7ccf92; --sound-soft: #16301e;
    --unchecked: #a5aeb8; --unchecked-soft: #262b31;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text); overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
header, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 28px; }
header p { margin: 4px 0; color: var(--faint); }
h1 { margin: 0; font-size: 28px; line-height: 1.2; }
h2 { margin: 0 0 12px; font-size: 20px; }
h3 { margin: 16px 0 4px; font-size: 16px; }
section { margin: 28px 0; }
a { color: var(--link); }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; }
code { background: var(--code); border-radius: 4px; padding: 1px 4px; }
pre { margin: 0; padding: 8px 10px; background: var(--code); border-radius: 6px; white-space: pre-wrap; }
ul { margin: 0; padding-left: 20px; }
.hint { margin: 0 0 10px; color: var(--faint); font-size: 14px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.texts { padding-left: 34px; }
.counts { display: flex; flex-wrap: wrap; gap: 10px; list-style: none; margin: 16px 0 8px; padding: 0; }
.counts li { min-width: 92px; padding: 8px 14px; border-radius: 10px; background: var(--card); border: 1px solid var(--line); font-size: 14px; }
.counts b { display: block; font-size: 24px; line-height: 1.2; }
.failing { --tone: var(--failing); --soft: var(--failing-soft); }
.warning { --tone: var(--warning); --soft: var(--warning-soft); }
.remark { --tone: var(--remark); --soft: var(--remark-soft); }
.sound { --tone: var(--sound); --soft: var(--sound-soft); }
.unchecked { --tone: var(--unchecked); --soft: var(--unchecked-soft); }
.counts li.some { border-color: var(--tone); background: var(--soft); color: var(--tone); }
.badge { display: inline-block; padding: 1px 9px; border-radius: 999px; background: var(--soft); color: var(--tone); font-size: 13px; font-weight: 600; white-space: nowrap; }
.incomplete { border-color: var(--failing); background: var(--failing-soft); }
.incomplete h2 { color: var(--failing); }
.diagram { margin: 0; padding: 0; overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.diagram svg { display: block; margin: 0 auto; }
.diagram a { text-decoration: none; }
.model rect { fill: var(--card); stroke: var(--line); stroke-width: 1.5; }
.model text { fill: var(--text); font-size: 13px; }
.model .state { fill: var(--faint); font-size: 12px; }
.model.failing rect, .model.warning rect, .model.remark rect { fill: var(--soft); stroke: var(--tone); }
.model.failing .state, .model.warning .state, .model.remark .state { fill: var(--tone); font-weight: 600; }
.edge .line { fill: none; stroke: var(--faint); stroke-width: 1.3; opacity: .65; }
.edge .head { fill: var(--faint); }
.label { fill: var(--faint); font-size: 11px; paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round; }
.label.failing, .label.warning { fill: var(--tone); }
.edge.failing .line, .edge.warning .line { stroke: var(--tone); stroke-width: 2; opacity: 1; }
.edge.failing .head, .edge.warning .head { fill: var(--tone); }
.edge.unchecked .line { stroke-dasharray: 4 4; }
.diagram a:hover .line, .diagram a:focus .line { stroke-width: 3.5; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; list-style: none; padding: 0; margin: 8px 0 0; font-size: 14px; color: var(--faint); }
.legend i { display: inline-block; width: 24px; margin-right: 7px; border-top: 2px solid var(--tone); vertical-align: middle; }
.legend .unchecked i { border-top-style: dashed; }
.area { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.area h2, .area .list, .area .hint { flex-basis: 100%; }
.area h2, .area .hint { margin-bottom: 0; }
.area input { position: absolute; opacity: 0; }
.area label { padding: 4px 13px; border: 1px solid var(--line); border-radius: 999px; background: var(--card); font-size: 14px; cursor: pointer; }
.area input:checked + label { border-color: var(--tone); background: var(--soft); color: var(--tone); font-weight: 600; }
.area input:focus-visible + label { outline: 2px solid var(--link); outline-offset: 2px; }
#show-error:not(:checked) ~ .list .level-error.open,
#show-warning:not(:checked) ~ .list .level-warning.open,
#show-info:not(:checked) ~ .list .level-info.open,
#show-known:not(:checked) ~ .list .known { display: none; }
.finding { margin-top: 12px; padding: 0; border-left: 5px solid var(--tone); scroll-margin-top: 12px; }
.finding.known { border-left-style: dotted; }
.finding > details > summary { padding: 12px 16px; cursor: pointer; }
.finding .rule { color: var(--faint); font-size: 14px; }
.finding .message { display: block; margin-top: 4px; font-weight: 600; }
.finding .body { padding: 0 16px 14px; }
.finding:target { outline: 2px solid var(--link); }
.facts { display: grid; grid-template-columns: 92px minmax(0, 1fr); gap: 6px 12px; margin: 0; }
.facts dt { color: var(--faint); font-size: 14px; }
.facts dd { margin: 0; min-width: 0; }
.facts dd > code, .facts dd > pre { display: block; margin: 0 0 4px; padding: 4px 8px; }
.inner { margin-top: 12px; border-top: 1px solid var(--line); padding-top: 10px; }
.inner > summary { cursor: pointer; font-weight: 600; margin-bottom: 8px; }
.remedy { margin: 0 0 12px; }
.remedy p { margin: 0 0 4px; }
.remedy pre { margin-top: 4px; }
.scroll { overflow-x: auto; padding: 0; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { padding: 7px 10px; overflow-wrap: break-word; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--faint); font-weight: 600; }
th.number, td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.tree, .tree ul { list-style: none; margin: 0; padding-left: 0; }
.tree ul { padding-left: 16px; border-left: 2px solid var(--line); margin-left: 4px; }
.tree li { margin: 8px 0; }
.tree p { margin: 2px 0; }
.rule-text > summary { cursor: pointer; font-weight: 600; }
.rule-text { margin-top: 10px; }
footer { padding: 8px 24px 32px; color: var(--faint); font-size: 14px; }
@media (min-width: 1000px) {
  .diagram { width: min(100vw - 64px, 1700px); margin-left: 50%; transform: translateX(-50%); }
  .diagram.narrow { width: auto; margin-left: 0; transform: none; }
  .diagram .fit { max-width: 100%; height: auto; }
}
@media (max-width: 640px) {
  header, main, footer { padding-left: 14px; padding-right: 14px; }
  h1 { font-size: 23px; }
  .counts { display: grid; grid-template-columns: 1fr 1fr; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 2px; }
  .facts dd { margin-bottom: 8px; }
  .wide thead { display: none; }
  .wide, .wide tbody, .wide tr, .wide td { display: block; width: 100%; }
  .wide tr { padding: 10px 12px; border-top: 1px solid var(--line); }
  .wide tr:first-child { border-top: 0; }
  .wide td { display: grid; grid-template-columns: 92px minmax(0, 1fr); gap: 8px; padding: 2px 0; border: 0; text-align: left; white-space: normal; }
  .wide td::before { content: attr(data-label); color: var(--faint); }
}
@media print {
  :root { --page: #fff; --card: #fff; --text: #000; --faint: #444; --line: #bbb; --code: #f4f4f4; }
  body { font-size: 11pt; }
  header, main, footer { max-width: none; padding: 0; }
  .area input, .area label, .finding summary::marker { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .finding, .card, tr { break-inside: avoid; }
  .diagram { overflow: visible; }
  .diagram svg { max-width: 100%; height: auto; }
}
)css";

}  // namespace

std::string_view html_style() noexcept { return style; }

}  // namespace doctor::report_parts
