import type { Catalog, Condition, Entity } from '#catalog'
import { hasCue, type Piece, piecesOf, type Sense } from '../pieces.ts'
import type { Reading } from '../read-text.ts'
import { createFinder } from '../text/finder.ts'
import { keepRecent } from '../text/keep-recent.ts'
import { isParticle, isPlainEnglish, isPlainKorean } from '../words/plain-words.ts'

type NameSense = Extract<Sense, { kind: 'name' }>

/** What a word piece means once the entity is known. A piece can have several of these; the rest of the sentence picks. */
export type WordView = {
  piece: Piece
  isEntity: boolean
  measure?: string
  field?: string
  /** The dimension was called by its label, not by a synonym. */
  isLabel: boolean
  status?: { field: string; code: string }
  /** What it says of a measure: 품절 of the quantity. */
  state?: Condition
  names: NameSense[]
  /** Said to cut by: 거래처별, by customer. */
  isGrouping: boolean
  /** A title right after a person's name is politeness, not a condition: 김민수 과장. */
  isCourtesy: boolean
  /** Not a word that this entity can do anything with. */
  isForeign: boolean
}

/** A reading seen from one entity: what the planner works on. */
export type Sentence = {
  catalog: Catalog
  entity: Entity
  reading: Reading
  pieces: readonly Piece[]
  words: WordView[]
  today: string
}

const groupAfter = createFinder(/^\s*(?:별|마다|당(?=\s|$)|(?:으)?로\s*(?:나눠|나누|쪼개|묶))/)
const groupBefore = createFinder(/(?:\bby|\bper|\bfor each|\beach|\bacross)\s+(?:the\s+|each\s+)?$/)
const exchangeAfter = createFinder(/^\s*(?:별)?(?:\s*(?:거|것|걸|꺼|껄))?(?:으)?로\s*(?:좀\s*)?(?:바꿔|바꾸|변경)/)
const exchangeBefore = createFinder(/\b(?:change|switch)\s+(?:it\s+|that\s+|this\s+)?to\s+(?:the\s+)?$/)
const listBetween = /^\s*(?:,|·|\/|와|과|이?랑|하고|및|and|&|×|x)\s*$/

/** The text between two places of the compact text. */
export function textBetween({ normal }: Reading, from: number, to: number): string {
  const start = from === 0 ? 0 : (normal.textAt[from - 1] ?? 0) + 1
  return normal.text.slice(start, to >= normal.compact.length ? undefined : normal.textAt[to])
}
export const textAfter = (reading: Reading, piece: Piece): string =>
  textBetween(reading, piece.end, reading.normal.compact.length)
export const textBefore = (reading: Reading, piece: Piece): string => textBetween(reading, 0, piece.start)

const says = [groupAfter, groupBefore, exchangeAfter, exchangeBefore]

/** Tells which word pieces are said to cut by; 거래처, 품목별 counts for both. */
export function findGroupings(reading: Reading): Set<Piece> {
  const found = new Set<Piece>()
  const { text } = reading.normal
  if (!says.some((finder) => finder.mayMatch(text))) return found
  const words = reading.pieces.filter(({ meaning }) => meaning.kind === 'words')
  for (const piece of words) {
    const after = textAfter(reading, piece)
    const before = textBefore(reading, piece)
    const isExchanged =
      (exchangeAfter.isIn(text, after) || exchangeBefore.isIn(text, before)) && isCut(piece) && !isMeasure(piece)
    const isCutBefore = groupBefore.isIn(text, before) && !isOnlyName(piece)
    if (groupAfter.isIn(text, after) || isCutBefore || isExchanged) found.add(piece)
  }
  for (let i = words.length - 2; i >= 0; i -= 1) {
    const [piece, next] = [words[i], words[i + 1]]
    if (
      piece &&
      next &&
      found.has(next) &&
      isCut(piece) &&
      listBetween.test(textBetween(reading, piece.end, next.start))
    )
      found.add(piece)
  }
  words.forEach((piece, i) => {
    const before = words[i - 1]
    const joins = before && found.has(before) && listBetween.test(textBetween(reading, before.end, piece.start))
    if (joins && /[a-z]/.test(reading.normal.compact[piece.start] ?? '') && isCut(piece)) found.add(piece)
  })
  return found
}

/** 이익으로 바꿔줘: one thing to be shown instead. With an object (납기를 …로), a name or a paper it is a change of the ERP. */
export function isExchange(reading: Reading): boolean {
  const { text } = reading.normal
  const told = reading.pieces.filter(({ meaning }) => ['words', 'period', 'document', 'amount'].includes(meaning.kind))
  const [only] = told
  if (told.length !== 1 || !only) return false
  const isShown =
    only.meaning.kind === 'period' ||
    (only.meaning.kind === 'words' &&
      only.meaning.senses.some(({ kind }) => kind === 'measure' || kind === 'dimension' || kind === 'entity'))
  return (
    isShown &&
    (exchangeAfter.isIn(text, textAfter(reading, only)) || exchangeBefore.isIn(text, textBefore(reading, only)))
  )
}

/** Used by Kim Minsu: whose it is, no way to cut. */
const isOnlyName = ({ meaning }: Piece): boolean =>
  meaning.kind === 'words' && meaning.senses.every(({ kind }) => kind === 'name')

const isCut = ({ meaning }: Piece): boolean =>
  meaning.kind === 'words' && meaning.senses.some((sense) => sense.kind === 'dimension')

const isMeasure = ({ meaning }: Piece): boolean =>
  meaning.kind === 'words' && meaning.senses.some((sense) => sense.kind === 'measure')

/** Top customers by profit: what is summed is no way to cut, but what they are measured by. */
function isAmount({ dimensions }: Entity, measure: string | undefined, field: string | undefined): boolean {
  const type = field === undefined ? undefined : dimensions[field]?.type
  return measure !== undefined && (type === undefined || type === 'number' || type === 'money')
}

type Marks = { groupings: ReadonlySet<Piece>; courtesies: ReadonlySet<Piece> }

function viewOf(catalog: Catalog, entity: Entity, piece: Piece, { groupings, courtesies }: Marks): WordView {
  const senses = piece.meaning.kind === 'words' ? piece.meaning.senses : []
  const own = senses.filter((sense) => sense.kind !== 'name' && sense.entity === entity.entity)
  const names = senses.filter((sense): sense is NameSense => sense.kind === 'name')
  const state = own.find((sense) => sense.kind === 'state')
  const measure = own.find((sense) => sense.kind === 'measure') ?? state
  const status = own.find((sense) => sense.kind === 'status')
  const dimensions = own.filter((sense) => sense.kind === 'dimension')
  const dimension = dimensions.find((sense) => sense.isLabel) ?? dimensions[0]
  const field = dimension?.field ?? masterField(catalog, entity, senses)
  return {
    piece,
    isEntity: own.some((sense) => sense.kind === 'entity'),
    ...(measure ? { measure: measure.measure } : {}),
    ...(field ? { field } : {}),
    isLabel: dimension?.isLabel ?? false,
    ...(status ? { status: { field: status.field, code: status.code } } : {}),
    ...(state ? { state: [state.measure, state.operator, state.value] } : {}),
    names,
    isGrouping: groupings.has(piece) && !isAmount(entity, measure?.measure, field),
    isCourtesy: courtesies.has(piece),
    isForeign: own.length === 0 && field === undefined && names.length === 0,
  }
}

/** 직원 of sales is the salesperson: another entity's own word means the dimension that holds its names. */
function masterField(catalog: Catalog, entity: Entity, senses: readonly Sense[]): string | undefined {
  const masters = new Set(senses.flatMap((sense) => (sense.kind === 'entity' ? [sense.entity] : [])))
  if (masters.size === 0 || masters.has(entity.entity)) return undefined
  return Object.entries(entity.dimensions).find(([, dimension]) => {
    const source = dimension.type === 'name' ? catalog.domains[dimension.domain]?.source : undefined
    return source !== undefined && masters.has(source.entity) && source.field === 'name'
  })?.[0]
}

const namesOf = ({ meaning }: Piece): NameSense[] =>
  meaning.kind === 'words' ? meaning.senses.filter((sense) => sense.kind === 'name') : []

/** The master-data entity of persons that a domain names, if it does: the one whose "me" is that name. */
function personEntityOf(catalog: Catalog, domain: string): string | undefined {
  const source = catalog.domains[domain]?.source
  return source && catalog.entities[source.entity]?.me === source.field ? source.entity : undefined
}

/** Other facts of a person right after their name, which are said out of politeness. */
function findCourtesies(catalog: Catalog, reading: Reading): Set<Piece> {
  const found = new Set<Piece>()
  reading.pieces.forEach((piece, i) => {
    const before = reading.pieces[i - 1]
    if (before?.meaning.kind !== 'words' || piece.meaning.kind !== 'words') return
    const names = namesOf(piece)
    const person = namesOf(before)
      .map(({ domain }) => personEntityOf(catalog, domain))
      .find((entity) => entity !== undefined)
    if (!person || names.length === 0 || textBetween(reading, before.end, piece.start).trim() !== '') return
    const isFact = names.every(
      ({ domain }) => catalog.domains[domain]?.source.entity === person && !personEntityOf(catalog, domain),
    )
    if (isFact) found.add(piece)
  })
  return found
}

/** 안 들어온, 승인 안 난: what was not done is never said idly. */
const saysNot = /^(?:안|못|미)[가-힣]|[안못][된난한온나받낸]$/

/** A catalog word that is also a particle or a light verb (한테, 남은) says nothing to entities that don't know it. */
export function isIdleWord({ normal, pieces }: Reading, piece: Piece): boolean {
  const text = normal.compact.slice(piece.start, piece.end)
  if ((hasCue(pieces, 'send') || piecesOf(pieces, 'schedule').length > 0) && /메일|mail/.test(text)) return true
  return saysNothing(text)
}

/** Words of the company come again and again; whether one says nothing of its own is kept for so many. */
const mostKept = 5_000

const saysNothing = keepRecent(
  mostKept,
  (text): boolean => !saysNot.test(text) && (isParticle(text) || isPlainKorean(text, 'start') || isPlainEnglish(text)),
)

type ReadingMarks = Marks & { catalog: Catalog }
const marksOfReading = new WeakMap<Reading, ReadingMarks>()

/** What is said to cut by and what out of politeness, looked for once a reading: several entities are tried on it. */
export function marksOf(catalog: Catalog, reading: Reading): Marks {
  const known = marksOfReading.get(reading)
  if (known?.catalog === catalog) return known
  const marks = { catalog, groupings: findGroupings(reading), courtesies: findCourtesies(catalog, reading) }
  marksOfReading.set(reading, marks)
  return marks
}

/** Looks at a reading from one entity. */
export function seeAs(catalog: Catalog, entity: Entity, reading: Reading, today: string): Sentence {
  const marks = marksOf(catalog, reading)
  const words = reading.pieces
    .filter(({ meaning }) => meaning.kind === 'words')
    .map((piece) => viewOf(catalog, entity, piece, marks))
  return { catalog, entity, reading, pieces: reading.pieces, words, today }
}
