import type { Example } from '../example.ts'
import { canFollow, isParticle, isParticleOnly } from './particles.ts'

type Word = { start: number; end: number; text: string }

function isToJoin(word: Word, before: Word, spans: NonNullable<Example['spans']>): boolean {
  if (!isParticle(word.text) || spans.some(([start]) => start === word.start)) return false
  if (isParticleOnly(word.text)) return true
  const followsSpan = spans.some(([, end]) => end === before.end)
  return followsSpan && word.text !== '나' && canFollow(before.text, word.text)
}

/**
 * An example as people write it: particles that the labelling set apart (`다섯 시 에`) joined to the word before (`다섯 시에`),
 * spans moved along. A word that could be more than a particle (이, 가, 와) is joined only right behind a span that it agrees
 * with. Slots keep their words: a particle that was labelled inside a span stays inside.
 */
export function joinParticles(example: Example): Example {
  const { text, spans = [] } = example
  const words = [...text.matchAll(/\S+/g)].map((m) => ({ start: m.index, end: m.index + m[0].length, text: m[0] }))
  let joined = ''
  let kept = 0
  const cuts: { at: number; length: number }[] = []
  words.forEach((word, i) => {
    const before = words[i - 1]
    const isLast = i === words.length - 1
    const isVerb = isLast && /^(가|와|하고)$/.test(word.text)
    if (!before || isVerb || !isToJoin(word, before, spans)) return
    joined += text.slice(kept, before.end)
    kept = word.start
    cuts.push({ at: before.end, length: word.start - before.end })
  })
  if (cuts.length === 0) return example
  const move = (offset: number) => offset - cuts.reduce((sum, cut) => sum + (cut.at < offset ? cut.length : 0), 0)
  return {
    ...example,
    text: joined + text.slice(kept),
    spans: spans.map(([start, end, slot]) => [move(start), move(end), slot]),
  }
}
