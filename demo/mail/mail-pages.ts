import { type Html, html } from '../page/html.ts'
import type { Language, Page } from '../page/page.ts'
import type { Message, MessageSummary } from './message-store.ts'

const sentences = {
  ko: {
    title: '데모 메일함',
    lead: '서비스가 보낸 메일이 실제로 나가지 않고 여기 모여요. 최근 500통까지 보관해요.',
    empty: '아직 받은 메일이 없어요.',
    from: '보낸 사람',
    to: '받는 사람',
    subject: '제목',
    received: '받은 시각',
    attachments: '첨부',
    noSubject: '(제목 없음)',
    back: '목록으로',
    missing: '이 메일은 없어요. 500통이 넘으면 오래된 메일부터 지워요.',
    source: '원문 내려받기',
  },
  en: {
    title: 'Demo mailbox',
    lead: 'Mail from the service is not delivered; it ends up here. The last 500 messages are kept.',
    empty: 'No mail yet.',
    from: 'From',
    to: 'To',
    subject: 'Subject',
    received: 'Received',
    attachments: 'Attachments',
    noSubject: '(no subject)',
    back: 'All mail',
    missing: 'There is no such message. Beyond 500, the oldest are removed.',
    source: 'Download the source',
  },
} as const

/** Every message, newest first. */
export function mailboxPage(language: Language, messages: MessageSummary[]): Page {
  const say = sentences[language]
  const rows = messages.map(
    (message) =>
      html`<tr><td>${time(message, language)}</td><td><a href="/messages/${message.id}">${message.subject || say.noSubject}</a></td><td>${message.to.join(', ')}</td><td>${message.from}</td></tr>`,
  )
  const table = html`<div class="scroll"><table><thead><tr><th>${say.received}</th><th>${say.subject}</th><th>${say.to}</th><th>${say.from}</th></tr></thead><tbody>${rows}</tbody></table></div>`
  const body = html`<main><header><h1>${say.title}</h1><span class="quiet">${say.lead}</span></header>${messages.length === 0 ? html`<p class="quiet">${say.empty}</p>` : table}</main>`
  return { title: say.title, language, body, width: 'wide' }
}

/** One message. Its HTML is shown in a frame that may run nothing and fetch nothing. */
export function messagePage(language: Language, message: Message): Page {
  const say = sentences[language]
  const title = message.subject || say.noSubject
  const content =
    message.html === undefined
      ? html`<div class="card"><pre>${message.text}</pre></div>`
      : html`<iframe sandbox="" title="${title}" src="/messages/${message.id}/html"></iframe>`
  const attachments: Html[] = message.attachments.map((part) => html`${part.name} (${part.type}, ${part.bytes} B) `)
  const body = html`<main><header><h1>${title}</h1><a href="/messages">${say.back}</a></header>
<dl><dt>${say.from}</dt><dd>${message.from}</dd><dt>${say.to}</dt><dd>${message.to.join(', ')}</dd><dt>${say.received}</dt><dd>${time(message, language)}</dd>${attachments.length > 0 ? html`<dt>${say.attachments}</dt><dd>${attachments}</dd>` : undefined}</dl>
${content}
<footer class="quiet"><a href="/messages/${message.id}/source">${say.source}</a></footer></main>`
  return { title, language, body, width: 'wide' }
}

/** For an address that names no message. */
export function missingPage(language: Language): Page {
  const say = sentences[language]
  const body = html`<main><header><h1>${say.title}</h1><a href="/messages">${say.back}</a></header><p class="quiet">${say.missing}</p></main>`
  return { title: say.title, language, body, width: 'wide' }
}

function time({ receivedAt }: MessageSummary, language: Language): string {
  return new Date(receivedAt).toLocaleString(language, { timeZone: 'Asia/Seoul', hourCycle: 'h23' })
}
