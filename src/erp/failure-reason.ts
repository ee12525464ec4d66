/**
 * Why something failed, as a chain of causes for a log: our own messages, and of others only the code or name, because a
 * parser's message quotes what it read.
 */
export function reasonOf(error: unknown): string {
  const reasons: string[] = []
  for (let one = error; one instanceof Error && reasons.length < 5; one = one.cause) {
    const code = 'code' in one && typeof one.code === 'string' ? one.code : undefined
    reasons.push(code ?? (one instanceof SyntaxError || one instanceof TypeError ? one.name : one.message))
  }
  return reasons.join(' < ')
}
