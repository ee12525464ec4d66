/** Style of the demo's own pages: neutral greys, one accent, 4 px grid, AA contrast in both themes. */
export const pageStyle = `
:root {
  --ground: #f6f7f8; --surface: #ffffff; --line: #d9dde2; --field-line: #868e98; --text: #1a1d21; --quiet: #565d66;
  --accent: #1f5fbf; --on-accent: #ffffff; --accent-ground: #edf3fc; --fault: #a8231c; --fault-ground: #fdf0ef;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --surface: #1c2024; --line: #343a41; --field-line: #747d88; --text: #e9ecef; --quiet: #a3abb5;
    --accent: #86b4f8; --on-accent: #10233f; --accent-ground: #202c3d; --fault: #ff9c93; --fault-ground: #3a2120;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0; min-height: 100dvh; background: var(--ground); color: var(--text); word-break: keep-all; overflow-wrap: anywhere;
  font: 15px/1.6 Pretendard, 'Apple SD Gothic Neo', 'Noto Sans KR', 'Malgun Gothic', system-ui, sans-serif;
  font-variant-numeric: tabular-nums;
}
body.narrow { display: grid; place-items: center; padding: 24px 16px; }
body.wide { max-width: 1080px; margin: 0 auto; padding: 24px 16px 48px; }
main { width: 100%; }
.narrow main { max-width: 400px; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 28px; }
h1 { margin: 0; font-size: 20px; line-height: 1.4; font-weight: 650; letter-spacing: -0.01em; }
h2 { margin: 28px 0 8px; font-size: 13px; font-weight: 600; color: var(--quiet); }
p { margin: 4px 0 0; }
.quiet { color: var(--quiet); font-size: 13px; }
label { display: block; margin: 16px 0 4px; font-size: 13px; font-weight: 600; }
input {
  width: 100%; height: 44px; padding: 0 12px; border: 1px solid var(--field-line); border-radius: 8px;
  background: var(--surface); color: inherit; font: inherit; font-size: 16px;
}
button { font: inherit; cursor: pointer; color: inherit; }
.primary {
  width: 100%; height: 44px; margin-top: 20px; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent); font-weight: 600;
}
.primary:hover { filter: brightness(1.08); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.fault { margin: 16px 0 0; padding: 12px; border-radius: 8px; background: var(--fault-ground); color: var(--fault); }
.accounts { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.accounts li + li { border-top: 1px solid var(--line); }
.accounts button {
  display: grid; grid-template-columns: 1fr auto; gap: 0 12px; align-items: baseline; width: 100%; min-height: 44px; padding: 8px 12px;
  border: 0; background: none; text-align: left;
}
.accounts button:hover, .accounts button[aria-pressed='true'] { background: var(--accent-ground); }
.accounts button:focus-visible { outline-offset: -2px; border-radius: 8px; }
.accounts .quiet { text-align: right; }
footer { display: flex; justify-content: space-between; gap: 12px; margin-top: 16px; padding: 0 4px; }
a { color: var(--accent); text-underline-offset: 3px; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 4px 16px; margin-bottom: 16px; }
table { width: 100%; border-collapse: collapse; background: var(--surface); border: 1px solid var(--line); }
th, td { padding: 8px 12px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-size: 13px; font-weight: 600; color: var(--quiet); white-space: nowrap; }
.scroll { overflow-x: auto; }
pre { margin: 0; white-space: pre-wrap; font: inherit; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 12px 0 20px; }
dt { color: var(--quiet); }
dd { margin: 0; }
iframe { width: 100%; height: 60vh; border: 1px solid var(--line); border-radius: 8px; background: #ffffff; }
@media (max-width: 480px) { .card { padding: 20px; } .accounts button { grid-template-columns: 1fr; } .accounts .quiet { text-align: left; } }
`
