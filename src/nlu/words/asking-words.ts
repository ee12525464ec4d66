import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { withFinals } from '../text/jamo.ts'

const wordList = z.string().transform((text) => text.split(/\s+/).filter((word) => word !== ''))
const fileSchema = z.strictObject({
  showing: wordList,
  showing_native: wordList,
  happening: wordList,
  happening_native: wordList,
  adverbs: wordList,
  nouns: wordList,
})

/** What may follow a stem: a request (해 주세요) as well, only a statement (된, 했는지), or a particle. */
type Follow = 'anything' | 'statement' | 'particle' | 'nothing'
type AskingWords = { follows: ReadonlyMap<string, readonly Follow[]>; longest: number }

/** 하다 and 되다 as they go on from a noun: 집계+됩. */
const lightVerbs = '하 한 할 했 합 함 되 된 될 돼 됐 됩 됨 되어'
/** What only a word of asking takes: 산출+해 (주세요), 요청+드립, 필수+임. */
const politeVerbs = '해 하여 드려 드리 드린 드립 드릴 바라 바랍 바람 받 인 이 임 입'
const particles =
  /^(?:을|를|이|가|은|는|의|에|도|만|로|으로|에서|까지|부터|좀|요|이요|들|들이|들은|들을|들의|이라도|라도|하고|이나|나|씩|별로)?$/
/** A run of these is an ending. Wider than grammar: what is misspelt there says nothing of its own either. */
const ending =
  /^[가거건걸게겠고구군기까께네냐녀노느는니다단달대더던데도든들디라란래랬러런려렸로록를리마만며면므바봐보본볼봤서세셔셨셈소습시신실싶써았야어었여였예오와요용우웠은을음읍의이인일임입잉있자잖재져졌주줘준줄줌줬지진질질죠쥬쥐앙엉엠염욤슴숑하한할함합해했혀답랍려쓰]{0,10}$/
const request = /줘|주(?!었)|줄|달라|다오|라고?$|드려|드리|바라|바랍|부탁/

let read: AskingWords | undefined

/** The words of `nlu-training/asking.yaml`, read once a process. */
function askingWords(): AskingWords {
  if (read) return read
  const path = join(import.meta.dirname, '../../../nlu-training/asking.yaml')
  const lists = fileSchema.parse(parse(readFileSync(path, 'utf8')))
  const follows = new Map<string, Follow[]>()
  const add = (stem: string, follow: Follow) => follows.set(stem, [...(follows.get(stem) ?? []), follow])
  const light = lightVerbs.split(' ')
  for (const noun of lists.showing) {
    add(noun, 'particle')
    for (const verb of [...light, ...politeVerbs.split(' ')]) add(noun + verb, 'anything')
  }
  for (const stem of lists.showing_native.flatMap(withFinals)) add(stem, 'anything')
  for (const noun of lists.happening) for (const verb of light) add(noun + verb, 'statement')
  for (const stem of lists.happening_native.flatMap(withFinals)) add(stem, 'statement')
  for (const word of lists.adverbs) add(word, 'nothing')
  for (const word of lists.nouns) add(word, 'particle')
  read = { follows, longest: Math.max(...[...follows.keys()].map((stem) => stem.length)) }
  return read
}

function fits(follow: Follow, rest: string): boolean {
  if (follow === 'nothing') return rest === ''
  if (follow === 'particle') return particles.test(rest)
  return ending.test(rest) && (follow === 'anything' || !request.test(rest))
}

/** Whether a stretch of Korean without spaces is a word of asking, or says only that data is there, in any ending. */
export function isAskingWord(text: string): boolean {
  const { follows, longest } = askingWords()
  for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
    const rest = text.slice(length)
    if (follows.get(text.slice(0, length))?.some((follow) => fits(follow, rest))) return true
  }
  return false
}
