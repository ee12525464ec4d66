/** What has a meaning in the text of an array, or none at all: blanks around it, an empty text, the word for null. */
const needsQuotes = /["\\{},\s]|^$|^null$/i

/** An array as PostgreSQL reads it. The driver quotes and escapes every element, which is most of what it does here. */
export function writeArray(values: readonly (string | null)[]): string {
  const elements = values.map((value) => {
    if (value === null) return 'null'
    return needsQuotes.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value
  })
  return `{${elements.join(',')}}`
}
