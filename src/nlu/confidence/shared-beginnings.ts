import type { NameEntry } from '../understanding.ts'

/** A beginning that several names of a kind have, so that nobody can tell which is meant: 한빛 of 한빛상사 and 한빛전자. */
export type SharedBeginning = { text: string; names: string[] }

const lengthOfBeginning = 2

/** The beginnings that two to four names of one domain share and none of another begins with; a name of its own is none. */
export function sharedBeginnings(names: readonly NameEntry[], domain: string): SharedBeginning[] {
  const beginningOf = (name: string): string => name.replaceAll(' ', '').slice(0, lengthOfBeginning)
  const elsewhere = new Set(names.filter((one) => one.domain !== domain).map(({ name }) => beginningOf(name)))
  const own = names.filter((one) => one.domain === domain && /^[가-힣]{3}/.test(one.name)).map(({ name }) => name)
  return [...Map.groupBy(own, beginningOf)]
    .map(([text, all]) => ({ text, names: [...new Set(all)] }))
    .filter(({ text, names: all }) => all.length >= 2 && all.length <= 4 && !elsewhere.has(text) && !all.includes(text))
}
