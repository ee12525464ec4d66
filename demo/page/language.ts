import type { IncomingMessage } from 'node:http'
import type { Language } from './page.ts'

/** The language of a page: as asked for in the address, else the browser's first of ours, else Korean. */
export function chooseLanguage(request: IncomingMessage, asked?: string | null): Language {
  const preferred = asked ?? new URL(request.url ?? '/', 'http://localhost').searchParams.get('language')
  if (preferred === 'ko' || preferred === 'en') return preferred
  const first = /\b(ko|en)\b/i.exec(request.headers['accept-language'] ?? '')
  return first?.[1]?.toLowerCase() === 'en' ? 'en' : 'ko'
}
