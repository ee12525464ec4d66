import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { formatFault, readYamlFile } from '#platform/yaml-file'

export const mailLanguages = ['ko', 'en'] as const
export type MailLanguage = (typeof mailLanguages)[number]

const text = z.string().max(2_000)
const values = {
  text,
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  list: z.array(text).max(50),
  rows: z.array(z.array(text).max(50)).max(1_000),
}

const variableSchema = z.strictObject({
  kind: z.enum(['text', 'url', 'list', 'rows']),
  isOptional: z.boolean().default(false),
  example: z.record(z.enum(mailLanguages), z.unknown()),
})
const templateSchema = z.strictObject({
  subject: z.record(z.enum(mailLanguages), z.string()),
  variables: z.record(z.string().regex(/^[a-z][a-zA-Z]*$/), variableSchema),
})

/** A template of one version: texts with `{{= it.name }}` in both languages, and what its variables must be. */
export type Template = {
  name: string
  version: number
  subject: Record<MailLanguage, string>
  html: Record<MailLanguage, string>
  text: Record<MailLanguage, string>
  variables: z.ZodType<Record<string, unknown>>
  /** Values to look at it with. */
  example: Record<MailLanguage, Record<string, unknown>>
}

/** Every version of every template in `folder`. Throws with the file and what is wrong with it. */
export function loadTemplates(folder: string): Template[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      readdirSync(join(folder, name))
        .filter((version) => /^[1-9]\d*$/.test(version))
        .map((version) => loadTemplate(folder, name, Number(version))),
    )
    .toSorted((a, b) => (a.name === b.name ? a.version - b.version : a.name < b.name ? -1 : 1))
}

function loadTemplate(folder: string, name: string, version: number): Template {
  const place = join(name, String(version))
  const { file, faults } = readYamlFile(folder, join(place, 'template.yaml'), templateSchema)
  if (!file) throw new Error(faults.map(formatFault).join('\n'))
  const read = (ending: string) => {
    const entries = mailLanguages.map((language) => {
      const path = join(folder, place, `${language}.${ending}`)
      if (!existsSync(path)) throw new Error(`${path} is missing`)
      const content = readFileSync(path, 'utf8')
      // A raw tag would put a value into the HTML as it is.
      if (/\{\{[-_\s]*~/.test(content)) throw new Error(`${path}: '{{~' is not allowed; every variable is escaped`)
      return [language, content] as const
    })
    return Object.fromEntries(entries) as Record<MailLanguage, string>
  }
  const { subject, variables } = file.value
  const shape = Object.fromEntries(
    Object.entries(variables).map(([key, { kind, isOptional }]) => [
      key,
      isOptional ? values[kind].optional() : values[kind],
    ]),
  )
  const exampleIn = (language: MailLanguage) =>
    Object.fromEntries(Object.entries(variables).map(([key, { example }]) => [key, example[language]]))
  return {
    name,
    version,
    subject,
    html: read('html'),
    text: read('txt'),
    variables: z.strictObject(shape),
    example: { ko: exampleIn('ko'), en: exampleIn('en') },
  }
}
