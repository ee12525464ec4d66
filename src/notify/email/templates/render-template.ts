import { Eta } from 'eta'
import { AppError } from '#platform/errors'
import { notifyErrors } from '../../errors.ts'
import type { MailLanguage, Template } from './template-file.ts'

/** What a message says, with every value in its place. */
export type RenderedMail = { subject: string; html: string; text: string }

export type TemplateChoice = { template: string; version?: number | undefined; language: MailLanguage }

export type Templates = {
  list(): Template[]
  /** Throws MAIL_TEMPLATE_UNKNOWN; the newest version unless told. */
  find(name: string, version?: number): Template
  /** Throws MAIL_TEMPLATE_UNKNOWN, or MAIL_VARIABLES_INVALID with what is wrong. */
  render(choice: TemplateChoice, variables: Record<string, unknown>): RenderedMail & { version: number }
}

const longestSubject = 200
// In HTML every value is escaped; plain text has nothing to escape.
const settings = { tags: ['{{', '}}'] as [string, string], autoTrim: false as const, useWith: false }
const html = new Eta({ ...settings, autoEscape: true })
const plain = new Eta({ ...settings, autoEscape: false })

/** Renders the templates of `loadTemplates`; compiled at first use. */
export function createTemplates(templates: readonly Template[]): Templates {
  const compiled = new Map<string, (values: Record<string, unknown>) => string>()
  const run = (eta: Eta, source: string, values: Record<string, unknown>) => {
    const known = compiled.get(source) ?? compile(eta, source)
    compiled.set(source, known)
    return known(values)
  }
  const find = (name: string, version?: number) => {
    const found = templates.findLast((one) => one.name === name && (version === undefined || one.version === version))
    if (!found) throw new AppError(notifyErrors.templateUnknown)
    return found
  }
  return {
    list: () => [...templates],
    find,
    render: ({ template: name, version, language }, variables) => {
      const template = find(name, version)
      const parsed = template.variables.safeParse(variables)
      if (!parsed.success) {
        const details = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), issue: message }))
        throw new AppError(notifyErrors.variablesInvalid, { details })
      }
      return {
        version: template.version,
        subject: oneLine(run(plain, template.subject[language], parsed.data)),
        html: readable(run(html, template.html[language], parsed.data)),
        text: readable(run(plain, template.text[language], parsed.data)),
      }
    },
  }
}

function compile(eta: Eta, source: string): (values: Record<string, unknown>) => string {
  const template = eta.compile(source)
  return (values) => template.call(eta, values)
}

/** Without what no reader shows and a terminal would obey: control characters but tabs and line breaks. */
function readable(text: string): string {
  return text.replace(/(?![\t\n\r])\p{Cc}/gu, '')
}

/** A subject is one line: a break in it could begin another header. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, longestSubject)
}
