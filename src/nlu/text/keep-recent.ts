/**
 * Makes the same function of texts that remembers what it made of the last ones: of `most` at least and twice as many at most. What it
 * makes must depend on the text alone and is given out again as it is, so nobody may change it.
 */
export function keepRecent<Made extends {}>(most: number, make: (text: string) => Made): (text: string) => Made {
  let recent = new Map<string, Made>()
  let older = new Map<string, Made>()
  return (text) => {
    const known = recent.get(text)
    if (known !== undefined) return known
    const made = older.get(text) ?? make(text)
    if (recent.size >= most) {
      older = recent
      recent = new Map()
    }
    recent.set(text, made)
    return made
  }
}
