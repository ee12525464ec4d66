import type { Condition } from '#catalog'
import { type NameFit, type Piece, piecesOf, type Sense } from '../pieces.ts'
import { createFinder } from '../text/finder.ts'
import { compactOf } from '../text/normalize.ts'
import { type Sentence, textAfter, textBetween, type WordView } from './sentence.ts'

type NameSense = Extract<Sense, { kind: 'name' }>
export type Clarify = { field: string; candidates: string[] }

/** What the names of a sentence say. `unplaced`: names that the entity has no place for. */
export type NameFilters = { conditions: Condition[]; clarify?: Clarify; unplaced: string[]; fields: Map<Piece, string> }

/** More names than one can choose from at a glance are no help. */
const mostCandidates = 8
const fitOrder: NameFit[] = ['full', 'alias', 'titled', 'short', 'family']
const excludeAfter = createFinder(
  /^\s*(?:거|것|건|걸|애들|분)?\s*(?:은|는|을|를|만|도|이|가|쪽|쪽은)?\s*(?:빼|뺀|제외|말고|외에|외의|를 제외|을 제외|아닌|아니고|아닌데)|^['’]?s?\s+(?:excluded|left out)\b/,
)
const excludeBefore = createFinder(
  /(?:\bexcept(?:ing)?(?: for)?|\bexcluding|\bexclude|\bwithout|\bother than|\bapart from|\bbesides|\boutside(?: of)?|\bleaving out|\bnon|\bnot|n['’]t)[\s-]*(?:(?:been|yet|from|in|for|by|to|with|of|at|including|any)\s+)?(?:the\s+)?$/,
)

/** Whether the words around a piece leave it out rather than pick it. */
export function isExcluded(sentence: Sentence, piece: Piece, followers: readonly Piece[] = []): boolean {
  const last = followers.at(-1) ?? piece
  const { text } = sentence.reading.normal
  return (
    (excludeAfter.mayMatch(text) && excludeAfter.isIn(text, textAfter(sentence.reading, last))) ||
    (excludeBefore.mayMatch(text) && excludeBefore.isIn(text, textBetween(sentence.reading, 0, piece.start)))
  )
}

const domainOf = (sentence: Sentence, field: string): string | undefined => {
  const dimension = sentence.entity.dimensions[field]
  return dimension?.type === 'name' ? dimension.domain : undefined
}

const fieldsOfDomain = (sentence: Sentence, domain: string): string[] =>
  Object.keys(sentence.entity.dimensions).filter((field) => domainOf(sentence, field) === domain)

/** The best-fitting names of a piece among those that the entity can hold; a dimension word beside it settles the domain. */
function placeable(sentence: Sentence, view: WordView, beside: string | undefined): NameSense[] {
  const held = view.names.filter(({ domain }) => fieldsOfDomain(sentence, domain).length > 0)
  const narrowed = beside === undefined ? held : held.filter(({ domain }) => domain === beside)
  const list = narrowed.length > 0 ? narrowed : held
  for (const fit of fitOrder) {
    const fitting = list.filter((sense) => sense.fit === fit)
    if (fitting.length > 0) return fitting
  }
  return []
}

/** 지역 in 호남지역, warehouse in Busan warehouse: a dimension word right beside a name. */
function besideOf(sentence: Sentence, view: WordView): { domain: string; view: WordView } | undefined {
  const at = sentence.words.indexOf(view)
  for (const other of [sentence.words[at + 1], sentence.words[at - 1]]) {
    const domain = other?.field === undefined || other.isGrouping ? undefined : domainOf(sentence, other.field)
    if (!other || domain === undefined || !view.names.some((sense) => sense.domain === domain)) continue
    const [first, second] = other.piece.start > view.piece.start ? [view.piece, other.piece] : [other.piece, view.piece]
    if (textBetween(sentence.reading, first.end, second.start).trim() === '') return { domain, view: other }
  }
  return undefined
}

/** Where a domain stands in more than one role (requester, approver), the role word nearest after the name, else before it, decides. */
function fieldFor(sentence: Sentence, domain: string, piece: Piece): string {
  const fields = fieldsOfDomain(sentence, domain)
  const [only = ''] = fields
  if (fields.length < 2) return only
  const roles = sentence.words.filter(
    (view) => view.field !== undefined && fields.includes(view.field) && !view.isGrouping && view.piece !== piece,
  )
  const distance = (view: WordView): number =>
    view.piece.start >= piece.end ? view.piece.start - piece.end : piece.start - view.piece.end + 8
  const nearest = roles.sort((a, b) => distance(a) - distance(b))[0]
  if (nearest?.field) return nearest.field
  return sentence.entity.me && fields.includes(sentence.entity.me) ? sentence.entity.me : only
}

/** Whether the names of a piece count at all: catalog words win over names that are only shortened. */
function speaksAsName(view: WordView): boolean {
  if (view.names.length === 0 || view.isGrouping) return false
  if (view.isEntity) return false
  const isWord = view.measure !== undefined || view.field !== undefined || view.status !== undefined
  return !isWord || view.names.some(({ fit }) => fit !== 'short')
}

type Placed = { field: string; value: string; excluded: boolean }

/** Names of one field are alternatives; leaving some out says nothing more where others are picked (접대비 말고 통신비). */
function toConditions(placed: readonly Placed[]): Condition[] {
  return [...Map.groupBy(placed, ({ field }) => field)].flatMap(([field, list]): Condition[] => {
    const picked = [...new Set(list.filter(({ excluded }) => !excluded).map(({ value }) => value))]
    const [only] = picked
    if (only !== undefined) return [picked.length === 1 ? [field, 'eq', only] : [field, 'in', picked]]
    return [...new Set(list.map(({ value }) => value))].map((value) => [field, 'ne', value])
  })
}

/** 이름에 정밀 들어가는: a part of the name or of the text named right before, whatever it is. */
function containsConditions(
  sentence: Sentence,
  fields: Map<Piece, string>,
): { conditions: Condition[]; unplaced: string[] } {
  const conditions: Condition[] = []
  const unplaced: string[] = []
  const { dimensions } = sentence.entity
  for (const piece of piecesOf(sentence.pieces, 'contains')) {
    const searchable = sentence.words.filter(
      ({ field }) => field !== undefined && ['name', 'text'].includes(dimensions[field]?.type ?? ''),
    )
    const said =
      searchable.filter((view) => view.piece.end <= piece.start && !view.isEntity).at(-1) ??
      searchable.find((view) => view.piece.start >= piece.end && !view.isEntity)
    const field = said?.field ?? (dimensions.name?.type === 'name' ? 'name' : undefined)
    if (field === undefined) unplaced.push(piece.meaning.value)
    else conditions.push([field, 'contains', piece.meaning.value])
    if (said && field !== undefined) fields.set(said.piece, field)
  }
  return { conditions, unplaced }
}

type NameReading = { piece: Piece; placed?: Placed; clarify?: Clarify; unplaced?: string; spent: [Piece, string][] }

/** One name of the sentence: where it goes, or which ones it may be. */
function readName(sentence: Sentence, view: WordView): NameReading {
  const { piece } = view
  const beside = besideOf(sentence, view)
  const names = placeable(sentence, view, beside?.domain)
  if (names.length === 0) {
    const isWordToo = view.measure !== undefined || view.field !== undefined || view.status !== undefined
    return isWordToo ? { piece, spent: [] } : { piece, unplaced: view.names[0]?.name ?? '', spent: [] }
  }
  const [domain, list] = [...Map.groupBy(names, (sense) => sense.domain)].sort(
    (a, b) => a[1].length - b[1].length,
  )[0] ?? ['', []]
  const field = fieldFor(sentence, domain, view.piece)
  const spent: [Piece, string][] = [
    [view.piece, field],
    ...(beside ? [[beside.view.piece, field] satisfies [Piece, string]] : []),
  ]
  const [value = '', ...others] = new Set(list.map(({ name }) => name))
  // Of a family name and a title nobody can tell who it is, even where only one has that name.
  const isVague = others.length > 0 || list.every(({ fit }) => fit === 'family')
  if (isVague) return { piece, clarify: { field, candidates: [value, ...others].slice(0, mostCandidates) }, spent }
  return {
    piece,
    placed: { field, value, excluded: isExcluded(sentence, view.piece, beside ? [beside.view.piece] : []) },
    spent,
  }
}

/** BLDC | motors is one item: a name right beside a longer one that holds it is not a second condition. */
function dropRepeats(sentence: Sentence, readings: NameReading[]): void {
  for (const one of readings) {
    const short = one.placed ?? (one.unplaced === undefined ? undefined : { field: '', value: one.unplaced })
    const at = one.spent[0]?.[0] ?? one.piece
    if (!short) continue
    const isPart = readings.some(({ placed, clarify, spent: [first] }) => {
      const longer = placed ? [placed.value] : (clarify?.candidates ?? [])
      if (!first || first[0] === at || first[1] === short.field || longer.length === 0) return false
      const [left, right] = first[0].start < at.start ? [first[0], at] : [at, first[0]]
      const isBeside = textBetween(sentence.reading, left.end, right.start).trim() === ''
      return isBeside && longer.every((name) => compactOf(name).includes(compactOf(short.value)))
    })
    if (isPart) {
      delete one.placed
      delete one.unplaced
    }
  }
}

/** Conditions on names, or the choice to ask for when one fits several equally well. */
export function readNameFilters(sentence: Sentence): NameFilters {
  const fields = new Map<Piece, string>()
  const contains = containsConditions(sentence, fields)
  const readings = sentence.words
    .filter((view) => speaksAsName(view) && !view.isCourtesy)
    .map((view) => readName(sentence, view))
  dropRepeats(sentence, readings)
  for (const { spent } of readings) for (const [piece, field] of spent) fields.set(piece, field)
  const clarify = readings.find((one) => one.clarify)?.clarify
  return {
    conditions: [...toConditions(readings.flatMap(({ placed }) => placed ?? [])), ...contains.conditions],
    ...(clarify ? { clarify } : {}),
    unplaced: [...readings.flatMap(({ unplaced }) => unplaced ?? []), ...contains.unplaced],
    fields,
  }
}
