/** Characters that take two columns in a terminal: Hangul, Han, kana, full-width forms and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u

/** How many terminal columns a text takes. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (/\p{Mn}/u.test(character) ? 0 : wide.test(character) ? 2 : 1), 0)
}

/** Rows as lines with columns under each other; to the right those of which `rightAligned` says so. */
export function alignRows(rows: string[][], rightAligned: boolean[] = []): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => widthOf(row[i] ?? ''))))
  return rows.map((row) =>
    row
      .map((cell, i) => pad(cell, widths[i] ?? 0, rightAligned[i] === true))
      .join('  ')
      .trimEnd(),
  )
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return isRight ? space + text : text + space
}
