import { globSync, readFileSync, writeFileSync } from 'node:fs'
import mjml from 'mjml'

// `npm run templates:compile [-- --check]`: makes the HTML of every notify-templates/**/*.mjml beside it. With --check it writes
// nothing, and fails when one is out of date. The service sends the HTML and needs no MJML.

/** The HTML of an MJML file. Throws with the file's name when it has a fault. */
export async function compileTemplate(file: string): Promise<string> {
  // No fonts: a reader's mail program would fetch them from a stranger.
  const { html, errors } = await mjml(readFileSync(file, 'utf8'), { validationLevel: 'strict', fonts: {} })
  if (errors.length > 0)
    throw new Error(`${file}: ${errors.map(({ formattedMessage }) => formattedMessage).join('; ')}`)
  return `${html
    .split('\n')
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .join('\n')}\n`
}

/** Every MJML file of the product. */
export const templateFiles = () => globSync('notify-templates/*/*/*.mjml').sort()

if (import.meta.main) {
  const isCheck = process.argv.includes('--check')
  for (const file of templateFiles()) {
    const target = file.replace(/\.mjml$/, '.html')
    const html = await compileTemplate(file)
    if (!isCheck) writeFileSync(target, html)
    else if (readFileSync(target, 'utf8') !== html) {
      console.error(`${target} is out of date: npm run templates:compile`)
      process.exitCode = 1
    }
  }
}
