import { randomBytes } from 'node:crypto'
import type { Html } from './html.ts'
import { html, trusted } from './html.ts'
import { pageStyle } from './style.ts'

export type Language = 'ko' | 'en'

/** One page of the demo's own servers: title, body, and a script where it has one. */
export type Page = { title: string; language: Language; body: Html; script?: string; width?: 'narrow' | 'wide' }

/** What to send for it. `formTargets`: other origins that a form of the page may end up at through redirects. */
export function renderPage(page: Page, formTargets: string[] = []): { body: string; headers: Record<string, string> } {
  const nonce = randomBytes(16).toString('base64')
  const script = page.script === undefined ? undefined : html`<script nonce="${nonce}">${trusted(page.script)}</script>`
  const document = html`<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
<style nonce="${nonce}">${trusted(pageStyle)}</style>
</head>
<body class="${page.width ?? 'narrow'}">
${page.body}
${script}
</body>
</html>
`
  return { body: document.markup, headers: { ...pageHeaders, 'content-security-policy': policy(nonce, formTargets) } }
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

function policy(nonce: string, formTargets: string[]): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    'img-src data:',
    `form-action 'self' ${formTargets.join(' ')}`.trim(),
    "frame-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}
