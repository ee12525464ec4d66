/** A Hangul syllable's parts, by their places in the Unicode order of initials, vowels and finals. */
export type SyllableParts = { initial: number; vowel: number; final: number }

const first = 0xac00
const vowels = 21
const finals = 28

/** The parts of one composed syllable; undefined for anything else. */
export function partsOf(character: string): SyllableParts | undefined {
  const place = character.charCodeAt(0) - first
  if (!(place >= 0 && place < 11_172)) return undefined
  return {
    initial: Math.floor(place / (vowels * finals)),
    vowel: Math.floor(place / finals) % vowels,
    final: place % finals,
  }
}

export const fromJamoParts = ({ initial, vowel, final }: SyllableParts): string =>
  String.fromCharCode(first + (initial * vowels + vowel) * finals + final)
