import { compactOf } from '../text/normalize.ts'
import { splitPersonName } from './romanize.ts'

/** How the names of a domain are shortened. `commonTail`: the ending most of them share (팀, 비, 라인), said or left out at will. */
export type ShorteningStyle = {
  isPerson: boolean
  hasCodes: boolean
  commonTail: string
  glossary: ReadonlySet<string>
  isLarge: boolean
}

const legalForms = /\(주\)|㈜|주식회사|유한회사|\b(?:inc|co|ltd|llc|corp|gmbh|kk|plc|sa|ag|bv)\b\.?/gi

/** The ending that at least 60 % of the names share, longest first. */
export function commonTailOf(names: readonly string[]): string {
  if (names.length < 3) return ''
  for (const length of [3, 2, 1]) {
    const counts = new Map<string, number>()
    for (const name of names) {
      const tail = name.slice(-length)
      if (name.length > length + 1 || length === 1) counts.set(tail, (counts.get(tail) ?? 0) + 1)
    }
    const [tail, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ['', 0]
    if (count >= names.length * 0.6 && /^[가-힣]+$/.test(tail)) return tail
  }
  return ''
}

/** Where a glossary word begins or ends inside a word: 유압|실린더. */
function glossaryCuts(word: string, glossary: ReadonlySet<string>): number[] {
  const cuts: number[] = []
  for (let cut = 1; cut < word.length; cut += 1) {
    if (glossary.has(word.slice(cut)) || glossary.has(word.slice(0, cut))) cuts.push(cut)
  }
  return cuts
}

function tailForms(name: string, tail: string): string[] {
  if (!tail || !name.endsWith(tail)) return []
  const stem = name.slice(0, -tail.length)
  const forms = stem.length >= 2 ? [stem] : []
  for (let cut = 2; cut < stem.length; cut += 1) forms.push(stem.slice(0, cut) + tail)
  for (let cut = 1; stem.length - cut >= 2; cut += 1) forms.push(stem.slice(cut) + tail)
  return forms
}

/** 6204, NU206: what an item is called by among those who handle it; a year is none. */
const isModelNumber = (form: string): boolean =>
  /^(?=.*\d)[a-z\d]{3,}$/.test(form) && !/^\d{1,3}$|^(?:19|20)\d\d$/.test(form)

/** Parts of a name that people say for it, compact; other names may share them. The full name is not among them. */
export function shortForms(name: string, style: ShorteningStyle): string[] {
  const bare = name.replace(legalForms, ' ').trim()
  const forms = new Set<string>([bare])
  if (style.isPerson) {
    const given = splitPersonName(name)?.given ?? ''
    return given.length >= 2 ? [given] : []
  }
  const tokens = bare.split(/\s+/).filter(Boolean)
  for (let count = 1; count < tokens.length; count += 1) {
    forms.add(tokens.slice(0, count).join(''))
    if (style.hasCodes) forms.add(tokens.slice(-count).join(''))
  }
  for (const form of tailForms(name, style.commonTail)) forms.add(form)
  const head = tokens[0] ?? ''
  for (const cut of glossaryCuts(head, style.glossary)) {
    forms.add(head.slice(0, cut))
    if (style.hasCodes) {
      forms.add(head.slice(cut))
      forms.add(head.slice(cut) + tokens.slice(1).join(''))
    }
  }
  if (!style.isLarge && !style.hasCodes) for (let cut = 2; cut < head.length; cut += 1) forms.add(head.slice(0, cut))
  const full = compactOf(name)
  return [...forms]
    .map(compactOf)
    .filter(
      (form) =>
        form !== full &&
        (/^[가-힣]{2,}/.test(form) || /^[a-z]{4,}$/.test(form) || (style.hasCodes && isModelNumber(form))),
    )
}
