// A symbol such as ① or % is a word of its own: what stands for a name must not melt into the particle behind it.
const wordPattern = /[\p{L}\p{M}\p{Nd}]+(?:['’][\p{L}]+)*|[\p{S}\p{No}%#&@]/gu
const digit = /\p{Nd}/gu
const hasDigit = /\p{Nd}/u

/** The words of a text for counting: composed (NFC), lower case, every digit 0, punctuation left out. */
export function splitWords(text: string): string[] {
  const plain = text.normalize('NFC').toLowerCase()
  return (hasDigit.test(plain) ? plain.replace(digit, '0') : plain).match(wordPattern) ?? []
}
