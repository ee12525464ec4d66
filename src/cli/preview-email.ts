import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createTemplates, loadTemplates, mailLanguages } from '#notify'

// `npm run email:preview -- TEMPLATE [--language en] [--version N] [--html FILE]`: a template with its example values; without a
// template, which there are. The HTML goes to a file, to be opened in a browser.
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    language: { type: 'string', default: 'ko' },
    version: { type: 'string' },
    html: { type: 'string' },
    folder: { type: 'string', default: process.env.MAIL_TEMPLATES_DIR ?? 'notify-templates' },
  },
})
const [template] = positionals
const language = mailLanguages.find((one) => one === values.language)
const version = values.version === undefined ? undefined : Number(values.version)
try {
  const templates = createTemplates(loadTemplates(values.folder))
  if (template === undefined) for (const one of templates.list()) console.log(`${one.name} ${one.version}`)
  else if (language === undefined) throw new Error(`--language is one of ${mailLanguages.join(', ')}`)
  else {
    const mail = templates.render({ template, version, language }, templates.find(template, version).example[language])
    console.log(`Subject: ${mail.subject}\n\n${mail.text}`)
    if (values.html !== undefined) writeFileSync(values.html, mail.html)
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
