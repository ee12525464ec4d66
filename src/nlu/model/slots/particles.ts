/** What must stand before a particle: a final consonant, none, or none but ㄹ. Undefined: anything. */
type Needs = 'consonant' | 'vowel' | 'vowelOrRieul' | 'consonantNotRieul'

const pairs: [string, Needs][] = [
  ['은', 'consonant'],
  ['는', 'vowel'],
  ['이', 'consonant'],
  ['가', 'vowel'],
  ['을', 'consonant'],
  ['를', 'vowel'],
  ['과', 'consonant'],
  ['와', 'vowel'],
  ['으로', 'consonantNotRieul'],
  ['로', 'vowelOrRieul'],
  ['이랑', 'consonant'],
  ['랑', 'vowel'],
  ['이나', 'consonant'],
  ['나', 'vowel'],
  ['이라도', 'consonant'],
  ['라도', 'vowel'],
  ['이라는', 'consonant'],
  ['라는', 'vowel'],
  ['이라고', 'consonant'],
  ['라고', 'vowel'],
  ['이야', 'consonant'],
  ['야', 'vowel'],
  ['으로부터', 'consonantNotRieul'],
  ['로부터', 'vowelOrRieul'],
]
const always =
  '에 에서 에게 에게서 한테 한테서 께 께서 의 하고 도 만 까지 부터 마다 보다 처럼 조차 마저 밖에 인데 인지 인가 일까 입니다 입니까 이면 이니 이에요 예요'
const before = '에 에서 에게 한테 께서 으로 로 으로부터 로부터 까지 부터 와 과 랑 이랑 하고 보다 처럼 마다 만'
const after = '은 는 도 만 의 이 까지 부터'

/** Particles that are also words (이 노래, 집에 가, 비가 와): apart from what they follow, only a label tells. */
const alsoWords = new Set('이 가 나 도 만 와 하고 야 보다 께 라고 라도'.split(' '))

const forms = new Map<string, Needs | undefined>(pairs)
for (const form of always.split(' ')) forms.set(form, undefined)
for (const first of before.split(' '))
  for (const second of after.split(' ')) {
    const fits = first !== second && agrees(first, forms.get(second))
    if (fits && !forms.has(first + second)) forms.set(first + second, forms.get(first))
  }
const longest = Math.max(...[...forms.keys()].map((form) => form.length))

function agrees(stem: string, needs: Needs | undefined): boolean {
  const code = stem.charCodeAt(stem.length - 1) - 0xac00
  if (!needs || code < 0 || code >= 11172) return true
  const final = code % 28
  const isRieul = final === 8
  if (needs === 'vowel') return final === 0
  if (needs === 'vowelOrRieul') return final === 0 || isRieul
  return final !== 0 && !(needs === 'consonantNotRieul' && isRieul)
}

/** Whether a whole word is a particle or a chain of two (에서는), the copula among them. */
export function isParticle(word: string): boolean {
  return forms.has(word)
}

/** Whether `word`, standing alone, can only be a particle: 에서 can, 이 (this) cannot. */
export function isParticleOnly(word: string): boolean {
  return forms.has(word) && !alsoWords.has(word)
}

/** Whether `particle` may follow `stem` by its final consonant; stems that are not Hangul take any. */
export function canFollow(stem: string, particle: string): boolean {
  return agrees(stem, forms.get(particle))
}

/**
 * The places where a particle may begin inside a Hangul word, rising: 서울에서는 → [2, 4], 회의 → [1], 오늘 → []. All readings
 * are given, for the words around must choose: 종로 is a street or a bell's direction.
 */
export function particleStarts(word: string): number[] {
  const starts: number[] = []
  for (let at = Math.max(1, word.length - longest); at < word.length; at += 1) {
    const suffix = word.slice(at)
    if (forms.has(suffix) && canFollow(word.slice(0, at), suffix)) starts.push(at)
  }
  return starts
}
