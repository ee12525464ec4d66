/** Splits a sentence at its only markup, `**bold**`. An unpaired `**` stays as it is. */
export function splitBold(text: string): { text: string; bold: boolean }[] {
  return text
    .split(/\*\*(.+?)\*\*/gs)
    .map((part, at) => ({ text: part, bold: at % 2 === 1 }))
    .filter((part) => part.text !== '')
}

/** The sentence without markup, for the clipboard and for screen readers. */
export function withoutBold(text: string): string {
  return splitBold(text)
    .map((part) => part.text)
    .join('')
}
