import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { expect, onTestFinished, test } from 'vitest'
import type { Message, MessageSummary } from './message-store.ts'
import { serveMailSink } from './serve-mail-sink.ts'

async function temporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'erp-chatbot-mail-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function startSink(dataDir: string) {
  const sink = await serveMailSink({ smtpPort: 0, httpPort: 0, dataDir })
  onTestFinished(() => sink.close())
  return sink
}

const read = async <T>(url: string) => (await (await fetch(url)).json()) as T
type List = { messages: MessageSummary[] }

test('keeps what is sent, for programs and for people, also after a restart', async () => {
  const dataDir = await temporaryFolder()
  const sink = await serveMailSink({ smtpPort: 0, httpPort: 0, dataDir })
  const transport = createTransport(`${sink.smtpUrl}`)
  const html = '<p>매출 <b>12억</b></p><script>document.title="taken"</script>'
  await transport.sendMail({
    from: 'ERP 챗봇 <bot@hanbit.example>',
    to: 'minsu@hanbit.example',
    bcc: 'hidden@hanbit.example',
    subject: '일일 매출 <b>',
    headers: { 'X-Envelope-To': 'forged@hanbit.example' },
    text: '매출 12억',
    html,
    attachments: [{ filename: '매출.csv', content: 'a,b' }],
  })
  await transport.sendMail({ from: 'a@hanbit.example', to: 'b@hanbit.example', subject: 'second', text: 'plain <i>' })
  transport.close()
  await sink.close()

  const again = await startSink(dataDir)
  const { messages } = await read<List>(`${again.url}/messages`)
  expect(messages.map((message) => message.subject)).toEqual(['second', '일일 매출 <b>'])
  const message = await read<Message>(`${again.url}/messages/${messages[1]?.id}`)
  expect(message).toMatchObject({ to: ['minsu@hanbit.example', 'hidden@hanbit.example'], text: '매출 12억', html })
  expect(message.attachments).toEqual([{ name: '매출.csv', type: 'text/csv', bytes: 3 }])
  expect((await stat(join(dataDir, `${message.id}.eml`))).mode & 0o777).toBe(0o600)

  const asPerson = { headers: { accept: 'text/html', 'accept-language': 'ko' } }
  const page = await (await fetch(`${again.url}/messages/${message.id}`, asPerson)).text()
  expect(page).toContain('<h1>일일 매출 &lt;b&gt;</h1>')
  expect(page).not.toContain('taken')
  const framed = await fetch(`${again.url}/messages/${message.id}/html`)
  expect(framed.headers.get('content-security-policy')).toContain('sandbox; default-src')
  expect(await (await fetch(`${again.url}/messages/${messages[0]?.id}`, asPerson)).text()).toContain('plain &lt;i&gt;')
  expect(await (await fetch(`${again.url}/messages`, asPerson)).text()).toContain('일일 매출 &lt;b&gt;')
})

test('keeps the newest 500, and answers nothing from outside its folder', async () => {
  const dataDir = await temporaryFolder()
  for (let n = 0; n < 500; n++)
    await writeFile(join(dataDir, `${1_700_000_000_000 + n}-00000000.eml`), `Subject: ${n}\r\n\r\n`)
  await writeFile(join(dataDir, 'notes.eml'), 'Subject: not ours\r\n\r\n')
  const sink = await startSink(dataDir)
  const transport = createTransport(sink.smtpUrl)
  await transport.sendMail({ from: 'a@hanbit.example', to: 'b@hanbit.example', subject: 'newest', text: '' })
  transport.close()
  const { messages } = await read<List>(`${sink.url}/messages`)
  expect(messages).toHaveLength(500)
  expect([messages[0]?.subject, messages.at(-1)?.subject]).toEqual(['newest', '1'])
  expect(await readdir(dataDir)).toHaveLength(501)
  expect((await fetch(`${sink.url}/messages/${encodeURIComponent('../../etc/passwd')}`)).status).toBe(404)
  expect((await fetch(`${sink.url}/messages/notes`)).status).toBe(404)
})
