import type { LetterCountsBody, LetterDetailBody, LetterListBody, LetterOutcome } from '#dead-letters'
import { alignRows } from './align-rows.ts'
import { plain, shortTime } from './terminal-text.ts'

type Language = 'ko' | 'en'

const words = {
  queue: { ko: '대기열', en: 'queue' },
  letters: { ko: '건수', en: 'messages' },
  oldest: { ko: '가장 오래된 때', en: 'oldest' },
  letter: { ko: '메시지', en: 'message' },
  died: { ko: '포기한 때', en: 'given up' },
  deliveries: { ko: '시도', en: 'tries' },
  reason: { ko: '이유', en: 'reason' },
  trace: { ko: '추적 번호', en: 'trace' },
  none: { ko: '처리하지 못한 메시지가 없어요.', en: 'There are no dead letters.' },
  more: {
    ko: '100건까지만 보여요. 대기열 이름으로 좁혀 보세요.',
    en: 'The first 100 are shown. Narrow them by --queue.',
  },
  replay: { ko: '다시 보냄', en: 'replayed' },
  discard: { ko: '버림', en: 'discarded' },
  left: { ko: '남음', en: 'left' },
} as const satisfies Record<string, Record<Language, string>>

const sayIn = (language: Language) => (word: keyof typeof words) => words[word][language]

/** How many dead letters each queue has, and the oldest of them, for a terminal. */
export function printLetters({ queues, letters, next }: LetterCountsBody & LetterListBody, language: Language): string {
  const say = sayIn(language)
  if (letters.length === 0) return say('none')
  const counts = queues.map((one) => [plain(one.queue), String(one.letters), shortTime(one.oldestAt)])
  const rows = letters.map((one) => {
    return [one.letter, plain(one.queue), shortTime(one.diedAt), String(one.deliveries), plain(one.reason).slice(0, 80)]
  })
  return [
    ...alignRows([[say('queue'), say('letters'), say('oldest')], ...counts], [false, true]),
    '',
    ...alignRows(
      [[say('letter'), say('queue'), say('died'), say('deliveries'), say('reason')], ...rows],
      [false, false, false, true],
    ),
    ...(next === undefined ? [] : ['', say('more')]),
  ].join('\n')
}

/** One dead letter with what it says, as far as that is shown. */
export function printLetter(letter: LetterDetailBody, language: Language): string {
  const say = sayIn(language)
  const facts = [
    [say('queue'), plain(letter.queue)],
    [say('died'), shortTime(letter.diedAt)],
    [say('deliveries'), String(letter.deliveries)],
    [say('reason'), plain(letter.reason)],
    ...(letter.traceId === undefined ? [] : [[say('trace'), letter.traceId]]),
  ]
  const message = JSON.stringify(letter.message, null, 2)
  return [...alignRows(facts), '', ...message.split('\n').map(plain)].join('\n')
}

export function printOutcome({ done, left }: LetterOutcome, action: 'replay' | 'discard', language: Language): string {
  const say = sayIn(language)
  return `${say(action)}: ${done}, ${say('left')}: ${left}`
}
