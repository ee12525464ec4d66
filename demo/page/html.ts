/** Markup that is safe to send: every value put into it by `html` was escaped. */
export type Html = { readonly markup: string }
type Value = Html | string | number | undefined | Html[]

/** Template tag: escapes strings and numbers, keeps other `html`, joins lists, drops `undefined`. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  const markup = parts.map((part, index) => part + (index < values.length ? render(values[index]) : '')).join('')
  return { markup }
}

/** Markup from a library that is known to be safe. Never text a person typed. */
export function trusted(markup: string): Html {
  return { markup }
}

function render(value: Value): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map(render).join('')
  if (typeof value === 'object') return value.markup
  return escapeText(String(value))
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
