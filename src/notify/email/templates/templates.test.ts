import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileTemplate, templateFiles } from '../../../../tools/compile-templates.ts'
import { createTemplates } from './render-template.ts'
import { loadTemplates, mailLanguages } from './template-file.ts'

const templates = createTemplates(loadTemplates('notify-templates'))
const every = templates
  .list()
  .flatMap(({ name, version }) => mailLanguages.map((language) => ({ template: name, version, language })))
const notice = (variables: Record<string, unknown>) =>
  templates.render({ template: 'notice', language: 'ko' }, variables)

describe('templates', () => {
  test.each(every)('$template $version renders its example in $language', ({ template, version, language }) => {
    const example = templates.find(template, version).example[language]
    const { subject, html, text } = templates.render({ template, version, language }, example)
    for (const part of [subject, html, text]) {
      expect(part).not.toMatch(/\{\{|\}\}|undefined|\[object/)
      expect(part).toContain(String(example.title))
    }
  })

  test('fetch nothing from elsewhere', () => {
    for (const { html } of templates.list())
      for (const text of Object.values(html)) expect(text).not.toMatch(/@import|<link|src="(?!cid:)|url\(/)
  })

  test.each(templateFiles())('%s has been compiled since it was changed', async (file) => {
    expect(readFileSync(file.replace(/\.mjml$/, '.html'), 'utf8')).toBe(await compileTemplate(file))
  })

  test('the newest version is used unless another is asked for, and one that is not there is said to be missing', () => {
    expect(notice({ title: 'a', message: 'b' }).version).toBe(1)
    expect(() => templates.find('notice', 99)).toThrow('MAIL_TEMPLATE_UNKNOWN')
    expect(() => templates.find('../notice')).toThrow('MAIL_TEMPLATE_UNKNOWN')
  })
})

describe('values', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onmouseover='x",
      '{{= process.env }}',
      '{{~ it }}',
      'a\r\nBcc: thief@example.com',
      '=HYPERLINK("http://x")',
      '&lt;b&gt;',
      '\u2028Subject: x',
    ),
  )

  test('come out as they went in, and never as markup, header or code', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, message) => {
        const { subject, html, text } = notice({ title, message })
        expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
        expect(text).toContain(message)
        const escaped = message
          .replaceAll('&', '&amp;')
          .replaceAll('<', '&lt;')
          .replaceAll('>', '&gt;')
          .replaceAll('"', '&quot;')
          .replaceAll("'", '&#39;')
        expect(html).toContain(escaped)
        // The markup is that of the template, whatever the values are.
        const tags = (of: string) => of.match(/<[^>]*>/g)?.length
        expect(tags(html)).toBe(tags(notice({ title: 'x', message: 'y' }).html))
      }),
      { numRuns: 300 },
    )
  })

  test('in a table are escaped one by one', () => {
    const cells = ['<b>1</b>', '1&2']
    const { example } = templates.find('report')
    const { html } = templates.render({ template: 'report', language: 'en' }, { ...example.en, rows: [cells] })
    expect(html).toContain('&lt;b&gt;1&lt;/b&gt;')
    expect(html).toContain('1&amp;2')
  })

  test.each([
    [{ title: 'a' }, 'message'],
    [{ title: 'a', message: 'b', link: 'javascript:alert(1)' }, 'link'],
    [{ title: 'a', message: 'b', link: 'data:text/html,x' }, 'link'],
    [{ title: 'a'.repeat(2_001), message: 'b' }, 'title'],
    [{ title: 5, message: 'b' }, 'title'],
  ])('%j are refused because of %s', (variables, field) => {
    let thrown: unknown
    try {
      notice(variables)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ spec: { code: 'MAIL_VARIABLES_INVALID' }, details: [{ field }] })
  })
})
