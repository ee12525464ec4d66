import { isParticle, particleStarts } from './particles.ts'

/**
 * A piece of text that a span may begin or end at. `start` and `end` are UTF-16 offsets of the text as given; `text` is folded
 * (NFC, lower case, half width). `word` counts the spaces before it; `isParticle` says that its word may end with it as particle.
 */
export type Token = { start: number; end: number; text: string; word: number; isParticle: boolean }

const clusters = /[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?|[\uac00-\ud7a3][\u11a8-\u11ff]?|[\s\S]\p{M}*/gu
const runs =
  /[가-힣]+|(?:\p{Script=Latin}\.)+\p{Script=Latin}?(?!\p{Script=Latin})|\p{Script=Latin}+|\p{N}+(?:[.,:]\p{N}+)*|[\p{L}\p{M}]+|[^\s\p{L}\p{N}\p{M}]+/gu

type Folded = { text: string; at: Uint32Array | undefined }

function foldCluster(cluster: string): string {
  const composed = cluster.normalize('NFKC').toLowerCase()
  return composed.length <= cluster.length && /\S/.test(composed) ? composed : cluster
}

/** The folded text, and for each place in it the place in the text as given (undefined when they are the same). */
function foldText(text: string): Folded {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: plain text in its usual form needs no map
  if (/^[\u0000-\u0040\u005b-\u007e가-힣]*$/.test(text)) return { text, at: undefined }
  let folded = ''
  const at = new Uint32Array(text.length + 1)
  for (const { 0: cluster, index } of text.matchAll(clusters)) {
    const piece = foldCluster(cluster)
    for (let i = 0; i < piece.length; i += 1)
      at[folded.length + i] = piece.length === cluster.length ? index + i : index
    folded += piece
  }
  at[folded.length] = text.length
  return { text: folded, at }
}

function piecesOf(run: string, isWordStart: boolean): number[] {
  if (!/^[가-힣]/.test(run)) return []
  return !isWordStart && isParticle(run) ? [] : particleStarts(run)
}

/**
 * Splits text at spaces, where the script changes, and before everything that may be a particle, so that a span can end inside a
 * written word; at most the first `most` of them. Tokens rise and do not overlap; between them there is nothing but white space.
 */
export function splitTokens(raw: string, most = Number.POSITIVE_INFINITY): Token[] {
  const { text, at } = foldText(raw)
  const tokens: Token[] = []
  const place = (offset: number) => at?.[offset] ?? offset
  let word = -1
  let last = -1
  for (const { 0: run, index } of text.matchAll(runs)) {
    if (tokens.length >= most) break
    const isWordStart = index !== last
    if (isWordStart) word += 1
    last = index + run.length
    const starts = [0, ...piecesOf(run, isWordStart)]
    starts.forEach((start, i) => {
      const end = starts[i + 1] ?? run.length
      const tail = run.slice(start)
      const isTail = (start > 0 || !isWordStart) && isParticle(tail)
      const [from, to] = [place(index + start), place(index + end)]
      if (to > from) tokens.push({ start: from, end: to, text: run.slice(start, end), word, isParticle: isTail })
    })
  }
  return tokens.length > most ? tokens.slice(0, most) : tokens
}
