// Part of the OData simulator: answers one request over records in memory. Tests only.
import { applyTo, splitTop } from './simulator-apply-fixture.ts'
import {
  at,
  type Grammar,
  kindOf,
  orderOf,
  passes,
  type Record_,
  Refusal,
  readFilter,
  type Shape,
} from './simulator-filter-fixture.ts'

export type SimSet = { shape: Shape; rows: Record_[]; apply?: boolean }
export type Asked = {
  set: SimSet
  params: URLSearchParams
  grammar: Grammar
  /** Records a page has at most; undefined: as many as there are. */
  pageSize: number | undefined
  /** Whether decimals are texts. */
  quotesDecimals: boolean
  /** The address of a page that begins so far on. */
  linkTo: (skip: number) => string
}

type Selection = { own: string[]; expanded: Map<string, Selection> }

/** The body of a reply. Throws a Refusal. */
export function answer({ set, params, grammar, pageSize, quotesDecimals, linkTo }: Asked): string {
  const filterText = params.get('$filter')
  const filter = filterText === null ? undefined : readFilter(filterText, set.shape, grammar)
  const passing = set.rows.filter((row) => !filter || passes(filter, row, grammar))
  const apply = params.get('$apply')
  const found = apply === null ? { rows: passing, shape: set.shape } : applyTo(apply, passing, set.shape, grammar)
  const ordered = order(found.rows, found.shape, params.get('$orderby'))
  const skipped = Number(params.get('$skip') ?? 0)
  const skip = Number(params.get('$skiptoken') ?? skipped)
  const end = Math.min(ordered.length, skipped + Number(params.get('$top') ?? Number.POSITIVE_INFINITY))
  const until = Math.min(end, skip + (pageSize ?? Number.POSITIVE_INFINITY))
  const selection = apply === null ? readSelection(params, found.shape, grammar) : wholeOf(found.shape)
  const rows = ordered.slice(skip, until).map((row) => write(row, found.shape, { selection, grammar, quotesDecimals }))
  const isCounted = params.get('$count') === 'true' || params.get('$inlinecount') === 'allpages'
  const link = until < end ? linkTo(until) : undefined
  return grammar.version === 4
    ? writeV4(rows, isCounted ? ordered.length : undefined, link)
    : writeV2(rows, isCounted ? ordered.length : undefined, link)
}

function writeV4(rows: string[], count: number | undefined, link: string | undefined): string {
  const parts = ['"@odata.context":"$metadata#X"']
  if (count !== undefined) parts.push(`"@odata.count":${count}`)
  parts.push(`"value":[${rows.join(',')}]`)
  if (link !== undefined) parts.push(`"@odata.nextLink":${JSON.stringify(link)}`)
  return `{${parts.join(',')}}`
}

function writeV2(rows: string[], count: number | undefined, link: string | undefined): string {
  const parts = [`"results":[${rows.join(',')}]`]
  if (count !== undefined) parts.push(`"__count":"${count}"`)
  if (link !== undefined) parts.push(`"__next":${JSON.stringify(link)}`)
  return `{"d":{${parts.join(',')}}}`
}

function order(rows: Record_[], shape: Shape, text: string | null): Record_[] {
  const keys = (text ?? '')
    .split(',')
    .filter(Boolean)
    .map((key) => {
      const [path = '', direction] = key.split(' ')
      return { path: path.split('/'), sign: direction === 'desc' ? -1 : 1, kind: kindOf(shape, path.split('/')) }
    })
  return [...rows].sort((a, b) => {
    for (const { path, sign, kind } of keys) {
      const [left, right] = [at(a, path), at(b, path)]
      const difference =
        left === null || right === null ? Number(left !== null) - Number(right !== null) : orderOf(left, right, kind)
      if (difference !== 0) return sign * difference
    }
    return 0
  })
}

function wholeOf(shape: Shape): Selection {
  return { own: Object.keys(shape).filter((name) => typeof shape[name] === 'string'), expanded: new Map() }
}

function readSelection(params: URLSearchParams, shape: Shape, { version }: Grammar): Selection {
  const select = params.get('$select')
  if (version === 4) return readNested(select, params.get('$expand'), shape)
  const root: Selection = { own: [], expanded: new Map() }
  for (const path of (params.get('$expand') ?? '').split(',').filter(Boolean)) open(root, path.split('/'))
  for (const path of (select ?? '').split(',').filter(Boolean)) {
    const steps = path.split('/')
    const last = steps.pop() ?? ''
    let selection: Selection | undefined = root
    for (const step of steps) selection = selection?.expanded.get(step)
    if (!selection) throw new Refusal(400, `${path} is selected and not expanded`)
    if (!selection.expanded.has(last)) selection.own.push(last)
  }
  return root
}

function open(root: Selection, steps: string[]): void {
  let selection = root
  for (const step of steps) {
    const next = selection.expanded.get(step) ?? { own: [], expanded: new Map() }
    selection.expanded.set(step, next)
    selection = next
  }
}

function readNested(select: string | null, expand: string | null, shape: Shape): Selection {
  const expanded = new Map<string, Selection>()
  for (const part of splitTop(expand ?? '', ',')) {
    const [, name = '', inside] = /^(\w+)(?:\((.*)\))?$/s.exec(part) ?? []
    const options = new Map(
      splitTop(inside ?? '', ';').map((option): [string, string] => [
        option.slice(0, option.indexOf('=')),
        option.slice(option.indexOf('=') + 1),
      ]),
    )
    const inner = shape[name]
    if (typeof inner !== 'object') throw new Refusal(400, `there is nothing to expand: ${name}`)
    expanded.set(
      name,
      readNested(
        options.get('$select') ?? null,
        options.get('$expand') ?? null,
        Array.isArray(inner) ? inner[0] : inner,
      ),
    )
  }
  const own = select === null ? wholeOf(shape).own : select.split(',').filter(Boolean)
  return { own, expanded }
}

type Writing = { selection: Selection; grammar: Grammar; quotesDecimals: boolean }

function write(record: Record_, shape: Shape, { selection, ...writing }: Writing): string {
  const own = selection.own.map((name) => `${JSON.stringify(name)}:${writeValue(record, name, shape, writing)}`)
  const nested = [...selection.expanded].map(([name, inner]) => {
    const value = record[name] ?? null
    const innerShape = shape[name] as Shape | [Shape]
    if (Array.isArray(innerShape)) {
      const list = (value as Record_[])
        .map((one) => write(one, innerShape[0], { selection: inner, ...writing }))
        .join(',')
      return `${JSON.stringify(name)}:${writing.grammar.version === 2 ? `{"results":[${list}]}` : `[${list}]`}`
    }
    return `${JSON.stringify(name)}:${value === null ? 'null' : write(value as Record_, innerShape, { selection: inner, ...writing })}`
  })
  return `{${[...own, ...nested].join(',')}}`
}

function writeValue(
  record: Record_,
  name: string,
  shape: Shape,
  { grammar, quotesDecimals }: Omit<Writing, 'selection'>,
): string {
  const kind = kindOf(shape, [name])
  const value = record[name] ?? null
  if (value === null) return 'null'
  if (kind === 'boolean') return String(value)
  if (kind === 'decimal') return quotesDecimals ? `"${value}"` : String(value)
  if (kind === 'datetime' && grammar.version === 2) return `"\\/Date(${Date.parse(`${value}T00:00:00Z`)})\\/"`
  if (kind === 'instant' && grammar.version === 2) return `"\\/Date(${Date.parse(String(value))}+0000)\\/"`
  return JSON.stringify(value)
}
