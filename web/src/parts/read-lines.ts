/** What was written, one a line or between commas, without blanks and doubles. */
export function readLines(text: string): string[] {
  const lines = text.split(/[\n,]/).map((line) => line.trim())
  return [...new Set(lines.filter((line) => line !== ''))]
}
