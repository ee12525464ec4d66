import { expect, test } from 'vitest'
import { html, trusted } from './html.ts'

test('escapes text in element and attribute places, keeps markup, joins lists', () => {
  const name = `<script>"it's" & more</script>`
  expect(html`<b title="${name}">${name}</b>`.markup).toBe(
    '<b title="&lt;script&gt;&quot;it&#39;s&quot; &amp; more&lt;/script&gt;">&lt;script&gt;&quot;it&#39;s&quot; &amp; more&lt;/script&gt;</b>',
  )
  expect(
    html`<ul>${['a', '<'].map((text) => html`<li>${text}</li>`)}</ul>${undefined}${trusted('<hr>')}${0}`.markup,
  ).toBe('<ul><li>a</li><li>&lt;</li></ul><hr>0')
})
