import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitTokens } from './split-tokens.ts'

const pieces = (text: string) => splitTokens(text).map(({ start, end }) => text.slice(start, end))

test.each([
  ['서울에서는 회의 있어', ['서울', '에서', '는', '회', '의', '있어']],
  ['종로로 가', ['종로', '로', '가']],
  ['3월에 iPhone15를', ['3', '월', '에', 'iPhone', '15', '를']],
  ['k.b.s.에서 1,200.5원', ['k.b.s.', '에서', '1,200.5', '원']],
  ['서울, 부산', ['서울', ',', '부산']],
])('splits %s before particles and where the script changes', (text, expected) => {
  expect(pieces(text)).toEqual(expected)
})

test('knows particles from the words that they follow', () => {
  const particles = (text: string) => splitTokens(text).flatMap((token) => (token.isParticle ? [token.text] : []))
  expect(particles('서울에서 이 노래 iPhone을')).toEqual(['에서', '을'])
  expect(particles('에서')).toEqual([])
})

test('folds what is read and keeps the places of what was written', () => {
  const composed = '서울에서 ＡＢＣ'
  const typed = composed.normalize('NFD')
  expect(splitTokens(typed).map(({ text }) => text)).toEqual(['서울', '에서', 'abc'])
  expect(pieces(typed).map((piece) => piece.normalize('NFC'))).toEqual(['서울', '에서', 'ＡＢＣ'])
})

const character = fc.oneof(
  fc.constantFrom(
    '서',
    '울',
    '에',
    '는',
    'ㄱ',
    '이',
    ' ',
    '\n',
    'a',
    'É',
    '3',
    '.',
    ',',
    '-',
    '한',
    'ᄒ',
    'ᅡ',
    '🙂',
    '\ud83d',
    '\ude42',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)

test('tokens and the white space between them are the text, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(character, { maxLength: 40 }), (characters) => {
      const text = characters.join('')
      let back = ''
      let end = 0
      for (const token of splitTokens(text)) {
        expect(token.end).toBeGreaterThan(token.start)
        expect(text.slice(end, token.start).trim()).toBe('')
        back += text.slice(end, token.start) + text.slice(token.start, token.end)
        end = token.end
      }
      expect(text.slice(end).trim()).toBe('')
      expect(back + text.slice(end)).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('reads nothing in 5,000 spaces, and no more tokens than asked for', () => {
  expect(splitTokens(' '.repeat(5000))).toEqual([])
  expect(splitTokens('가 '.repeat(5000), 3)).toHaveLength(3)
})
