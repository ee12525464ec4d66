/** How many distinct chart colours the theme has: `--chart-1` … `--chart-8`. */
const colorCount = 8

export type ColorBook = { colorOf(name: string): string }

/** Gives each name a colour at its first mention and keeps it, so that the same thing looks the same within a conversation. */
export function createColorBook(): ColorBook {
  const given = new Map<string, number>()
  return {
    colorOf(name) {
      const place = given.get(name) ?? given.size
      given.set(name, place)
      return `var(--chart-${(place % colorCount) + 1})`
    },
  }
}
