const longest = 60

/** What a conversation is called: its first question, cut between words with an ellipsis when it is long. */
export function titleOf(question: string): string {
  const line = question.trim().replace(/\s+/g, ' ')
  const letters = [...line]
  if (letters.length <= longest) return line
  const cut = letters.slice(0, longest - 1).join('')
  const words = cut.replace(/\s\S*$/, '')
  // One word as long as a line is cut inside.
  return `${(words.length > longest / 2 ? words : cut).trimEnd()}…`
}
